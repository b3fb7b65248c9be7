package io.larder.server.command;

/**
 * The clock of the read batch that an event loop works on: when it began, how many requests were
 * begun since, and how much of the time is in the slow log already. One thread.
 */
final class BatchTimes {
    private long beginNanos;
    private long loggedNanos;
    private int requests;

    void begin(long nowNanos) {
        beginNanos = nowNanos;
        loggedNanos = 0;
        requests = 0;
    }

    /** When the batch began, as {@link System#nanoTime}. */
    long beginNanos() {
        return beginNanos;
    }

    void countRequest() {
        requests++;
    }

    int requests() {
        return requests;
    }

    /** So much of the batch's time has an entry of its own. */
    void logged(long nanos) {
        loggedNanos += nanos;
    }

    /** The time that has no entry. */
    long restNanos(long nowNanos) {
        return nowNanos - beginNanos - loggedNanos;
    }
}
