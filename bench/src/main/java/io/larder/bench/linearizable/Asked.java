package io.larder.bench.linearizable;

/**
 * An operation under way. Immutable.
 *
 * @param history of its key
 * @param key it is sent for
 * @param action what is asked
 * @param argument as in {@link Operation}
 * @param expected as in {@link Operation}
 * @param waitMillis LEASE: how long the server may keep it while another one loads; else 0
 */
record Asked(
        KeyHistory history,
        String key,
        Action action,
        long argument,
        long expected,
        int waitMillis) {

    static Asked of(KeyHistory history, Action action, long argument, long expected) {
        return new Asked(history, history.key(), action, argument, expected, 0);
    }

    Asked waiting(int millis) {
        return new Asked(history, key, action, argument, expected, millis);
    }

    Asked elsewhere() {
        return new Asked(history, key + "-elsewhere", action, argument, expected, waitMillis);
    }

    Asked as(Action other) {
        return new Asked(history, key, other, argument, expected, waitMillis);
    }
}
