package io.larder.bench.client;

import java.util.Locale;

/** A way to use a client. */
enum Scenario {
    /** One thread that waits for each value. */
    SYNC_1(1, 1),
    /** So many threads, each of which waits for each value. */
    SYNC_16(16, 1),
    /**
     * So many gets unanswered at any time: each completion starts the next. A client that only
     * blocks does it with so many threads.
     */
    ASYNC_64(64, 1),
    /** One thread that asks for so many keys at once. */
    GET_ALL_100(1, 100);

    private final int concurrency;
    private final int keysPerCall;

    Scenario(int concurrency, int keysPerCall) {
        this.concurrency = concurrency;
        this.keysPerCall = keysPerCall;
    }

    /** Calls unanswered at a time. */
    int concurrency() {
        return concurrency;
    }

    /** Keys of one call. */
    int keysPerCall() {
        return keysPerCall;
    }

    /** As in a result line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
