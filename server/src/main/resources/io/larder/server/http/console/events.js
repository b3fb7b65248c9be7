/** What happens, as it happens: a sample, of which the last few hundred lines are kept. */

import { element, find, setText, Table } from './dom.js';
import { count, nanos, NONE, rate, timeOfDay } from './text.js';
import { keyText } from './tables.js';

const LINES_MAX = 200;
const RETRY_MILLIS = 10_000;

/** Kinds by what they are called here; the others are shown first. */
const KINDS = [
    { label: 'written', types: ['STORED', 'OVERWRITTEN'], isOff: true },
    { label: 'evicted', types: ['EVICTED', 'CHAIN'] },
    { label: 'expired', types: ['EXPIRED'] },
    { label: 'deleted', types: ['DELETED'] },
    { label: 'cleared', types: ['CLEARED'] },
    { label: 'leases', types: ['LEASE_GRANTED', 'LEASE_ENDED'] },
    { label: 'connections', types: ['CONNECTION_OPENED', 'CONNECTION_CLOSED'] },
    { label: 'slow', types: ['SLOW'] },
];

/** What an event's version tells: of a slow request it is its microseconds. */
function more({ event, version }) {
    if (event === 'SLOW') {
        return nanos(version * 1000);
    }
    return event.startsWith('CONNECTION') ? `number ${version}` : `version ${version}`;
}

export class EventsPanel {
    #feed;
    #source = null;
    #retry = 0;
    #lines = [];
    #lost = 0;
    #unseen = 0;
    #kinds = new Map(); // by type
    #message = 'Nothing has happened yet.';

    #table = new Table('events', [
        { title: 'time', style: 'word', text: (row) => timeOfDay(row.time) },
        { title: 'event', style: 'word', text: (row) => row.event.toLowerCase().replace('_', ' ') },
        { title: 'key', style: 'key', text: keyText },
        { title: 'region', style: 'word', text: (row) => row.region || NONE },
        { title: 'more', style: 'number', text: more },
    ], LINES_MAX);

    constructor(feed) {
        this.#feed = feed;
        for (const { label, types, isOff = false } of KINDS) {
            this.#addKind(label, types, !isOff);
        }
        document.addEventListener('visibilitychange', () => this.update());
        setInterval(() => this.#show(), 1000);
        this.update();
    }

    #addKind(label, types, isOn) {
        const button = element('button');
        button.type = 'button';
        const kind = { label, button, isOn, seen: 0 };
        const press = () => button.setAttribute('aria-pressed', String(kind.isOn));
        button.addEventListener('click', () => {
            kind.isOn = !kind.isOn;
            press();
            this.#show();
        });
        press();
        setText(button, label);
        find('#events .kinds').append(button);
        types.forEach((type) => this.#kinds.set(type, kind));
    }

    /** Begins or ends to listen, as somebody looks or does not. */
    update() {
        clearTimeout(this.#retry);
        if (!this.#feed.isLive) {
            this.#source?.close();
            this.#source = null;
        } else if (this.#source === null) {
            this.#listen();
        }
    }

    #listen() {
        const source = new EventSource('/api/events');
        this.#source = source;
        source.addEventListener('message', (message) => this.#take(JSON.parse(message.data)));
        source.addEventListener('error', () => {
            if (source.readyState === EventSource.CLOSED) {
                this.#message = 'The server sends no events: too many watch already.';
                this.#source = null;
                this.#retry = setTimeout(() => this.update(), RETRY_MILLIS);
            }
        });
    }

    #take({ events, counts, lost }) {
        this.#lost += lost;
        for (const [type, seen] of Object.entries(counts)) {
            const kind = this.#kinds.get(type);
            if (kind) {
                kind.seen += seen;
            }
        }
        const all = Object.values(counts).reduce((sum, seen) => sum + seen, 0);
        this.#unseen += all - events.length;
        const wanted = events.filter((event) => this.#kinds.get(event.event)?.isOn ?? true);
        this.#lines = [...wanted.reverse(), ...this.#lines].slice(0, LINES_MAX);
    }

    /** Once a second, as a reader can follow; the counts are of that second. */
    #show() {
        if (!this.#feed.isLive) {
            return;
        }
        for (const kind of new Set(this.#kinds.values())) {
            setText(kind.button, kind.seen > 0 ? `${kind.label} ${rate(kind.seen)}/s` : kind.label);
            kind.seen = 0;
        }
        this.#lines = this.#lines.filter((event) => this.#kinds.get(event.event)?.isOn ?? true);
        this.#table.show(this.#lines, this.#note());
    }

    #note() {
        if (this.#lines.length === 0) {
            return this.#message;
        }
        const notes = ['A sample, the newest first.'];
        if (this.#unseen > 0) {
            notes.push(`${count(this.#unseen)} more happened than were sent.`);
        }
        if (this.#lost > 0) {
            notes.push(`${count(this.#lost)} were lost before anybody saw them.`);
        }
        return notes.join(' ');
    }
}
