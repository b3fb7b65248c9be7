/** A map of the shards: the more of something one has, the warmer its square. */

import { element, find, setText } from './dom.js';
import { bytes, count, rate } from './text.js';

/** What can be shown: a figure, or how fast one grows. */
const MEASURES = [
    { label: 'bytes written a second', figure: 'bytes_written', isRate: true, text: bytes },
    { label: 'evictions a second', figure: 'evictions', isRate: true, text: rate },
    { label: 'items', figure: 'items', text: count },
    { label: 'live bytes', figure: 'bytes_live', text: bytes },
    { label: 'dead bytes', figure: 'bytes_dead', text: bytes },
    { label: 'expired bytes', figure: 'bytes_expired', text: bytes },
    { label: 'bytes of the index', figure: 'bytes_index', text: bytes },
];

/** Of the map, how many times wider than high. */
const PROPORTION = 2.2;

export class ShardsPanel {
    #select = find('#shards select');
    #map = find('#shards .heat');
    #note = find('#shards .note');
    #before = null;
    #now = null;

    constructor(feed) {
        for (const { label } of MEASURES) {
            this.#select.append(element('option', '', label));
        }
        this.#select.addEventListener('change', () => this.#draw());
        feed.every(2, async (ask) => {
            const { shards } = await ask('/api/shards');
            this.#before = this.#now;
            this.#now = { seconds: performance.now() / 1000, shards };
            this.#draw();
        });
    }

    #draw() {
        const measure = MEASURES[this.#select.selectedIndex];
        if (this.#now === null || (measure.isRate && this.#before === null)) {
            return;
        }
        const values = this.#now.shards.map((shard, index) => this.#value(measure, shard, index));
        const highest = Math.max(0, ...values);
        this.#resize(values.length);
        values.forEach((value, index) => {
            const square = this.#map.children[index];
            square.style.setProperty('--heat', highest > 0 ? (value / highest).toFixed(3) : '0');
            square.title = `shard ${this.#now.shards[index].shard}: ${measure.text(value)}`;
        });
        const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
        setText(
            this.#note,
            `${values.length} shards, on average ${measure.text(mean)}, at most ${measure.text(highest)}`,
        );
    }

    #value({ figure, isRate }, shard, index) {
        if (!isRate) {
            return shard[figure];
        }
        const before = this.#before.shards[index]?.[figure] ?? shard[figure];
        const seconds = this.#now.seconds - this.#before.seconds;
        return Math.max(0, shard[figure] - before) / seconds;
    }

    #resize(squares) {
        const columns = Math.ceil(Math.sqrt(squares * PROPORTION));
        this.#map.style.setProperty('--columns', String(columns));
        while (this.#map.children.length > squares) {
            this.#map.lastChild.remove();
        }
        while (this.#map.children.length < squares) {
            this.#map.append(element('i'));
        }
    }
}
