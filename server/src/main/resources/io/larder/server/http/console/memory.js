/** Memory by use: a bar of now, and areas over time that add up to the limit. */

import { Chart, overTime } from './chart.js';
import { element, find } from './dom.js';
import { bytes, percent } from './text.js';

/** From the bottom up. */
const USES = [
    { name: 'live', label: 'live', color: 'good' },
    { name: 'expired', label: 'expired', color: 'orange' },
    { name: 'dead', label: 'dead', color: 'bad' },
    { name: 'index', label: 'index', color: 'blue' },
    { name: 'other', label: 'other', color: 'purple' },
    { name: 'free', label: 'free', color: 'pale' },
];

export class MemoryPanel {
    #bar = find('#memory .bar');
    #parts = new Map();
    #history = null;
    #chart;

    constructor() {
        for (const { name, label, color } of USES) {
            const part = element('i');
            part.style.setProperty('--color', `var(--${color})`);
            part.title = label;
            this.#bar.append(part);
            this.#parts.set(name, part);
        }
        // The highest sum first, so that each lower one is drawn over it.
        this.#chart = new Chart(
            find('#memory .chart'),
            overTime({
                series: [...USES].reverse().map(({ name, label, color }) => ({
                    label,
                    color,
                    isFilled: true,
                    value: (plot, sum, series, index) => this.#own(name, index),
                })),
                text: bytes,
                isBytes: true,
                range: (plot, min, max) => [0, max > 0 ? max : 1],
            }),
            [[], ...USES.map(() => [])],
        );
    }

    /** What a use has itself at a point, without those below it. */
    #own(name, index) {
        const value = index === null ? null : this.#history?.column(name)[index];
        return value === null || value === undefined ? '–' : bytes(value);
    }

    /** Shows how the memory is used at the moment. */
    showNow(use, stats) {
        for (const { name, label } of USES) {
            const part = this.#parts.get(name);
            const share = use[name] / stats.memory_limit_bytes;
            part.style.setProperty('--share', share.toFixed(4));
            part.title = `${label}: ${bytes(use[name])}, ${percent(share)}`;
        }
        this.#bar.setAttribute(
            'aria-label',
            USES.map(({ name, label }) => `${label} ${bytes(use[name])}`).join(', '),
        );
    }

    /** Shows how it was used. */
    show(history) {
        this.#history = history;
        const times = history.columns[0];
        const sums = [];
        let below = times.map(() => 0);
        for (const { name } of USES) {
            const own = history.column(name);
            below = below.map((sum, index) => (own[index] === null ? null : sum + own[index]));
            sums.unshift(below);
        }
        this.#chart.show([times, ...sums]);
    }
}
