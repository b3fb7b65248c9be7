package io.larder.bench.store;

/** How often each item is asked for. */
public enum Distribution {
    /** All alike. */
    uniform,
    /** Zipf's law with constant 0.99, the popular items scattered over all. */
    zipfian
}
