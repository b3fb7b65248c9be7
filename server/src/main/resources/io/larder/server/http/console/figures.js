/** What the charts show, from what the server has counted at two moments. Pure functions. */

/** Samples of latency below which a percentile says little. */
const LATENCY_SAMPLES_MIN = 1000;

/** The figures of `derive`, by name. */
export const NAMES = [
    'ratio', 'hits', 'misses', 'writes', 'p50', 'p99', 'p999',
    'live', 'expired', 'dead', 'index', 'other', 'free',
];

/** A sample: figures, regions and latencies as the server has them at a moment. */
export function sample(seconds, stats, regions, latency) {
    return {
        seconds,
        stats,
        hits: total(regions, 'hits'),
        misses: total(regions, 'misses'),
        writes: total(regions, 'writes'),
        buckets: allBuckets(latency),
    };
}

function total(regions, name) {
    return regions.reduce((sum, region) => sum + region[name], 0);
}

/** The buckets of all commands together: how many took at most so many nanoseconds. */
function allBuckets(latency) {
    const buckets = new Map();
    for (const command of latency) {
        for (const [nanos, count] of command.buckets) {
            buckets.set(nanos, (buckets.get(nanos) ?? 0) + count);
        }
    }
    return buckets;
}

/** What happened between two samples; what cannot be said is missing. */
export function derive(before, after) {
    return { ...traffic(before, after), ...percentiles(before, after), ...memory(after.stats) };
}

function traffic(before, after) {
    const seconds = after.seconds - before.seconds;
    const hits = after.hits - before.hits;
    const misses = after.misses - before.misses;
    const writes = after.writes - before.writes;
    if (hits < 0 || misses < 0 || writes < 0) {
        return {}; // the server was started anew
    }
    const figures = { hits: hits / seconds, misses: misses / seconds, writes: writes / seconds };
    return hits + misses > 0 ? { ...figures, ratio: hits / (hits + misses) } : figures;
}

/** How often a counter of the statistics rose in a second. */
export function risePerSecond(before, after, name) {
    return Math.max(0, after.stats[name] - before.stats[name]) / (after.seconds - before.seconds);
}

function percentiles(before, after) {
    const counts = difference(before.buckets, after.buckets);
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    if (all === 0) {
        return {};
    }
    return {
        p50: percentile(counts, all, 0.5),
        p99: percentile(counts, all, 0.99),
        p999: percentile(counts, all, 0.999),
    };
}

function difference(before, after) {
    const counts = [];
    for (const [nanos, count] of after) {
        const rise = count - (before.get(nanos) ?? 0);
        if (rise > 0) {
            counts.push([nanos, rise]);
        }
    }
    return counts.sort(([left], [right]) => left - right);
}

/** The time that a share of them took at most, to the width of a bucket, a tenth. */
function percentile(counts, all, share) {
    let below = 0;
    for (const [nanos, count] of counts) {
        below += count;
        if (below >= all * share) {
            return nanos;
        }
    }
    return counts[counts.length - 1][0];
}

/** How the memory is used; `other` is what open segments have left, and the store's own. */
export function memory(stats) {
    const figures = {
        live: stats.bytes_live,
        expired: stats.bytes_expired,
        dead: stats.bytes_dead,
        index: stats.bytes_index,
        free: stats.bytes_free,
    };
    const known = Object.values(figures).reduce((sum, value) => sum + value, 0);
    return { ...figures, other: Math.max(0, stats.memory_limit_bytes - known) };
}

/**
 * The last few samples, for figures that need more than one step: of so many the newest that is far
 * enough back for percentiles to mean something, else the oldest.
 */
export class Recent {
    #samples = [];

    constructor(capacity) {
        this.capacity = capacity;
    }

    add(one) {
        this.#samples.push(one);
        if (this.#samples.length > this.capacity) {
            this.#samples.shift();
        }
    }

    /** The sample so many back, or the oldest; undefined if there is none. */
    back(samples) {
        return this.#samples[Math.max(0, this.#samples.length - samples)];
    }

    /** The sample to hold the newest against for percentiles. */
    before(newest) {
        for (let i = this.#samples.length - 1; i >= 0; i--) {
            if (timed(newest) - timed(this.#samples[i]) >= LATENCY_SAMPLES_MIN) {
                return this.#samples[i];
            }
        }
        return this.#samples[0] ?? newest;
    }
}

function timed(one) {
    let all = 0;
    for (const count of one.buckets.values()) {
        all += count;
    }
    return all;
}

/** The same as `derive`, with percentiles that reach further back if need be. */
export function deriveRecent(recent) {
    return (before, after) => ({
        ...derive(before, after),
        ...percentiles(recent.before(after), after),
    });
}
