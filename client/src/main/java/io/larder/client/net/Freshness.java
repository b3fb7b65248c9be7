package io.larder.client.net;

/**
 * Up to which moment one server's pushes have been heard in full. Written on the event loop of its
 * connection, read by any thread.
 */
/*
 *   sent SYNC          answered, and no push is missing
 *      |--------------------|                 now
 *   ---+--------------------+------------------+-----> this client's monotonic clock
 *      |<------------------- age ------------->|
 *
 * Every write that was answered before the SYNC was sent has been heard of when its reply is read:
 * the server sends the pushes first. So a copy that is still there, and is used now, was overwritten
 * by no write answered longer ago than the age. The moment of sending counts, not that of the
 * answer: what lies between them is on the wire, and may be long.
 */
public final class Freshness {
    private static final long NEVER = Long.MIN_VALUE;

    private volatile long syncedNanos = NEVER;

    /** Starts with nothing heard. */
    Freshness() {}

    /**
     * Whether everything was heard that had been answered {@code ageNanosMax} ago.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    public boolean isWithin(long ageNanosMax, long nowNanos) {
        long synced = syncedNanos;
        return synced != NEVER && nowNanos - synced <= ageNanosMax;
    }

    /** A SYNC sent at {@code sentNanos} was answered, and nothing was missing. */
    void synced(long sentNanos) {
        long before = syncedNanos;
        if (before == NEVER || sentNanos - before > 0) {
            syncedNanos = sentNanos;
        }
    }

    /** The connection is gone, or has been silent for too long. */
    void lost() {
        syncedNanos = NEVER;
    }
}
