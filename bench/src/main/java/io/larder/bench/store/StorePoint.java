package io.larder.bench.store;

/**
 * One situation in which the engines are compared.
 *
 * @param operation what the threads do
 * @param items that the engine holds
 * @param distribution of the keys asked for
 * @param threads that ask
 */
record StorePoint(Operation operation, int items, Distribution distribution, int threads) {
    /** The same with another number of threads. */
    StorePoint withThreads(int other) {
        return new StorePoint(operation, items, distribution, other);
    }

    /** In keys of the result: {@code uniform_1000000_2t}. */
    String suffix() {
        return distribution + "_" + items + "_" + threads + "t";
    }
}
