/** The miss-ratio curve, as hit ratios: what other memory limits would give, and where this one is. */

import { Chart, throughPoints } from './chart.js';
import { find, setText } from './dom.js';
import { bytes, percent } from './text.js';

export class CurvePanel {
    #panel = find('#curve');
    #points = [];
    #limit = NaN;
    #chart = null;

    constructor(feed) {
        feed.every(
            3,
            async (ask) => {
                const points = await ask('/api/mrc');
                const stats = await ask('/api/stats');
                this.#show(points, stats.memory_limit_bytes);
            },
            () => this.#say('This server draws no curve.'),
        );
    }

    #say(text) {
        this.#panel.dataset.points = '0';
        setText(this.#panel.querySelector('.note'), text);
    }

    #show(points, limit) {
        const known = points.filter((point) => Number.isFinite(point.hit_ratio));
        if (known.length < 2) {
            this.#say('No curve yet: too few reads have been sampled.');
            return;
        }
        this.#points = known;
        this.#limit = limit;
        const columns = [known.map((point) => point.bytes), known.map((point) => point.hit_ratio)];
        if (this.#chart === null) {
            this.#chart = this.#draw(columns);
        } else {
            this.#chart.show(columns);
        }
        this.#panel.dataset.points = String(known.length);
        setText(this.#panel.querySelector('.note'), this.#advice());
    }

    #draw(columns) {
        return new Chart(
            this.#panel.querySelector('.chart'),
            throughPoints({
                label: 'predicted hit ratio',
                text: percent,
                xText: bytes,
                splits: () => this.#points.map((point) => point.bytes),
                range: (plot, min, max) => [Math.max(0, min - 0.03), Math.min(1, max + 0.03)],
                mark: () => ({ x: this.#limit, text: `now ${bytes(this.#limit)}` }),
            }),
            columns,
            (sizes) => sizes.findIndex((size) => isClose(size, this.#limit)),
        );
    }

    /** What other limits would do. */
    #advice() {
        const now = this.#at(1);
        if (!now) {
            return '';
        }
        const changes = [[0.5, 'half'], [2, 'twice'], [4, 'four times']]
            .map(([factor, name]) => [name, this.#at(factor)])
            .filter(([, point]) => point)
            .map(([name, point]) => `${name}: ${percentagePoints(point.hit_ratio - now.hit_ratio)}`);
        return `Points of hit ratio with other limits, predicted from a sample: ${changes.join(', ')}.`;
    }

    #at(factor) {
        return this.#points.find((point) => isClose(point.bytes, this.#limit * factor));
    }
}

/** Sizes are rounded to segments. */
function isClose(size, other) {
    return Math.abs(size / other - 1) < 0.05;
}

function percentagePoints(difference) {
    return `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(1)}`;
}
