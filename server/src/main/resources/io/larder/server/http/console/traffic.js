/** Hit ratio, operations and latency: the tiles, the charts and the table of commands. */

import { Chart, fromZero, overTime } from './chart.js';
import { find, setText, Table } from './dom.js';
import { deriveRecent, derive, memory, NAMES, Recent, risePerSecond, sample } from './figures.js';
import { History } from './history.js';
import { MemoryPanel } from './memory.js';
import { bytes, count, NONE, nanos, percent, rate } from './text.js';

const POINTS = 300;

/** Seconds from one point to the next: five minutes, an hour, a day of them. */
const STEPS = [1, 12, 288];

const RECENT_SAMPLES = 10;

/** Over how many the tiles' rates are taken: single seconds are restless. */
const TILE_SAMPLES = 3;

export class TrafficPanels {
    #recent = new Recent(RECENT_SAMPLES);
    #histories = STEPS.map((step) => new History(step, POINTS, NAMES));
    #span = 0;

    #ratio = new Chart(
        find('#ratio .chart'),
        overTime({
            series: [{ label: 'hit ratio', color: 'good' }],
            text: percent,
            range: (plot, min, max) => ratioRange(min, max),
        }),
        [[], []],
    );

    #operations = new Chart(
        find('#operations .chart'),
        overTime({
            series: [
                { label: 'hits', color: 'good' },
                { label: 'misses', color: 'orange' },
                { label: 'writes', color: 'blue' },
            ],
            text: rate,
            range: fromZero,
        }),
        [[], [], [], []],
    );

    #latency = new Chart(
        find('#latency .chart'),
        overTime({
            series: [
                { label: 'p50', color: 'good' },
                { label: 'p99', color: 'orange' },
                { label: 'p99.9', color: 'purple' },
            ],
            text: nanos,
            isLogarithmic: true,
        }),
        [[], [], [], []],
    );

    #memory = new MemoryPanel();
    #commands = new Table('commands', COMMAND_COLUMNS, 40);

    constructor(feed) {
        const span = find('#span');
        span.addEventListener('change', () => {
            this.#span = Number(span.value);
            this.#draw();
        });
        setText(
            find('#latency .note'),
            'From a request’s frame to its reply; of requests about one key, one in 64 is timed.',
        );
        feed.every(1, (ask) => this.#ask(ask));
    }

    async #ask(ask) {
        const stats = await ask('/api/stats');
        const { regions } = await ask('/api/regions');
        const { commands } = await ask('/api/latency');
        const now = sample(Date.now() / 1000, stats, regions, commands);
        const wasDrawn = this.#take(now);
        this.#commands.show(commands, commands.length ? '' : 'Nobody has asked anything yet.');
        if (wasDrawn) {
            this.#draw();
        }
    }

    /** Returns whether the charts have something new to show. */
    #take(now) {
        const before = this.#recent.back(TILE_SAMPLES);
        const drawn = this.#histories.map((history, index) =>
            history.offer(now, index === 0 ? deriveRecent(this.#recent) : derive),
        );
        if (before !== undefined) {
            this.#tiles(deriveRecent(this.#recent)(before, now), before, now);
        }
        this.#recent.add(now);
        return drawn[this.#span];
    }

    #tiles(figures, before, now) {
        const stats = now.stats;
        const use = memory(stats);
        const operations = figures.hits + figures.misses + figures.writes;
        setText(find('#tile-ratio'), figures.ratio === undefined ? NONE : percent(figures.ratio));
        setText(
            find('#tile-operations'),
            Number.isFinite(operations) ? `${rate(operations)}/s` : NONE,
        );
        setText(find('#tile-latency'), figures.p99 === undefined ? NONE : nanos(figures.p99));
        setText(find('#tile-memory'), percent(1 - use.free / stats.memory_limit_bytes));
        find('#tile-memory').title = `of ${bytes(stats.memory_limit_bytes)}`;
        setText(find('#tile-evictions'), `${rate(risePerSecond(before, now, 'evictions'))}/s`);
        setText(find('#tile-clients'), count(stats.connections ?? NaN));
        this.#memory.showNow(use, stats);
    }

    #draw() {
        const history = this.#histories[this.#span];
        const columns = (names) => [history.columns[0], ...names.map((name) => history.column(name))];
        this.#ratio.show(columns(['ratio']));
        this.#operations.show(columns(['hits', 'misses', 'writes']));
        this.#latency.show(columns(['p50', 'p99', 'p999']));
        this.#memory.show(history);
        document.body.dataset.points = String(history.columns[0].length);
    }
}

const COMMAND_COLUMNS = [
    { title: 'command', style: 'word', text: (row) => row.command },
    { title: 'timed', style: 'number', text: (row) => count(row.count) },
    { title: 'p50', style: 'number', text: (row) => nanos(row.p50_nanos) },
    { title: 'p99', style: 'number', text: (row) => nanos(row.p99_nanos) },
    { title: 'p99.9', style: 'number', text: (row) => nanos(row.p999_nanos) },
    { title: 'longest', style: 'number', text: (row) => nanos(row.max_nanos) },
];

/** All of 0 to 1 says little of a ratio that hardly moves: a tenth at least, around what is there. */
function ratioRange(min, max) {
    if (min === null || max === null) {
        return [0, 1];
    }
    const low = Math.max(0, Math.floor(min * 20 - 0.5) / 20);
    const high = Math.min(1, Math.ceil(max * 20 + 0.5) / 20);
    return high - low < 0.1 ? [Math.max(0, high - 0.1), high] : [low, high];
}
