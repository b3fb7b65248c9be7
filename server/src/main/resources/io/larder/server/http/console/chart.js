/** Charts over uPlot, in the page's colours and as wide as their panel. */

import uPlot from './vendor/uPlot.esm.js';
import { NONE, timeOfDay } from './text.js';
import { color, onThemeChange } from './theme.js';

const HEIGHT = 200;
const FONT = '11px system-ui, "DejaVu Sans", sans-serif';

/** Space for the numbers beside the vertical axis and below the horizontal one, in pixels. */
const AXIS_SIZE = 62;
const AXIS_HEIGHT = 26;

/** Steps of an axis of bytes. */
const POWERS_OF_TWO = Array.from({ length: 50 }, (value, exponent) => 2 ** exponent);

/** An axis in the page's colours; `more` are uPlot's own options. */
function axis(more) {
    return {
        font: FONT,
        stroke: color('muted'),
        grid: { stroke: color('pale'), width: 1 },
        ticks: { stroke: color('edge'), width: 1, size: 4 },
        ...more,
    };
}

/** The last point of a chart. */
function last(times) {
    return times.length - 1;
}

/**
 * A chart in an element. `options` is a function, called anew when colours change, that makes
 * uPlot's options but for size, and `data` what it shows first. While nobody points at anything the
 * legend has the values at the point that `rest` finds on the horizontal axis.
 */
export class Chart {
    #target;
    #options;
    #data;
    #rest;
    #plot = null;

    constructor(target, options, data, rest = last) {
        this.#target = target;
        this.#options = options;
        this.#rest = rest;
        this.#data = data;
        new ResizeObserver(() => this.#resize()).observe(target);
        onThemeChange(() => this.#build());
        this.#build();
    }

    /** Shows these columns: the horizontal axis, then the series. */
    show(data) {
        this.#data = data;
        this.#plot?.setData(data);
        this.#showRest();
    }

    #build() {
        this.#plot?.destroy();
        this.#plot = new uPlot(
            { width: this.#width(), height: HEIGHT, ...this.#options() },
            this.#data,
            this.#target,
        );
        this.#showRest();
    }

    #width() {
        return Math.max(160, this.#target.clientWidth);
    }

    #resize() {
        if (this.#plot && this.#plot.width !== this.#width()) {
            this.#plot.setSize({ width: this.#width(), height: HEIGHT });
        }
    }

    #showRest() {
        const plot = this.#plot;
        const index = this.#rest(this.#data[0]);
        if (plot && (plot.cursor.idx ?? null) === null && index >= 0) {
            plot.setLegend({ idx: index }, false);
        }
    }
}

/** The value of a legend: written by `text`, or nothing. */
function legendValue(text) {
    return (plot, value) => (value === null || value === undefined ? NONE : text(value));
}

/**
 * Options of lines over time. A series has a `label`, a `color` by its name, and perhaps `fill`;
 * `text` writes values; `range`, `isLogarithmic` and `isBytes` are of the vertical axis.
 */
export function overTime({ series, text, range, isLogarithmic = false, isBytes = false }) {
    return () => ({
        legend: { live: true },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        scales: {
            x: { time: true },
            y: isLogarithmic ? { distr: 3, log: 10 } : { range },
        },
        axes: [
            axis({ space: 70, size: AXIS_HEIGHT, values: timesOfDay }),
            axis({
                size: AXIS_SIZE,
                values: (plot, ticks) => ticks.map(tick(text)),
                ...(isBytes ? { incrs: POWERS_OF_TWO } : {}),
            }),
        ],
        series: [
            { label: 'at', value: legendValue((seconds) => timeOfDay(seconds * 1000)) },
            ...series.map((one) => ({
                label: one.label,
                stroke: color(one.color),
                fill: one.isFilled ? color(one.color) : undefined,
                width: one.isFilled ? 0 : 1.5,
                points: { show: false },
                value: one.value ?? legendValue(text),
                spanGaps: false,
            })),
        ],
    });
}

function timesOfDay(plot, ticks, axisIndex, space, stepSeconds) {
    const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    if (stepSeconds < 60) {
        options.second = '2-digit';
    }
    return ticks.map((seconds) => new Date(seconds * 1000).toLocaleTimeString([], options));
}

/** On logarithmic axes some ticks have no number. */
function tick(text) {
    return (value) => (value === null ? '' : text(value));
}

/** From zero to a little above the highest value. */
export function fromZero(plot, min, max) {
    return [0, max > 0 ? max * 1.1 : 1];
}

/** Options of one line through points, and a mark at a place that `mark` tells. */
export function throughPoints({ label, text, xText, splits, range, mark }) {
    return () => ({
        legend: { live: true },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { x: { time: false, distr: 3, log: 2 }, y: { range } },
        axes: [
            axis({
                size: AXIS_HEIGHT,
                splits,
                filter: (plot, ticks) => ticks,
                values: (plot, ticks) => ticks.map(xText),
            }),
            axis({ size: AXIS_SIZE, values: (plot, ticks) => ticks.map(text) }),
        ],
        series: [
            { label: 'memory', value: legendValue(xText) },
            {
                label,
                stroke: color('accent'),
                width: 2,
                points: { show: true, size: 7, fill: color('panel') },
                value: legendValue(text),
            },
        ],
        hooks: { draw: [(plot) => drawMark(plot, mark())] },
    });
}

function drawMark(plot, { x, text }) {
    if (!(x >= plot.scales.x.min && x <= plot.scales.x.max)) {
        return;
    }
    const { ctx, bbox } = plot;
    const at = plot.valToPos(x, 'x', true);
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color('orange');
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([5 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = FONT.replace('11px', `${11 * ratio}px`);
    ctx.textBaseline = 'bottom';
    ctx.textAlign = 'left';
    ctx.fillText(text, at + 5 * ratio, bbox.top + bbox.height - 4 * ratio);
    ctx.restore();
}
