package io.larder.bench.store;

/** What is measured; a method of {@link StoreBenchmark} each. */
public enum Operation {
    /** A hit, its value copied out. */
    get,
    /** A value stored over another of its size. */
    set
}
