package io.larder.server.tier;

/**
 * One clean stop of one store: what was on disk at that moment belongs to what was in memory, and
 * to nothing else.
 *
 * @param hashSeed0 of the store's keys
 * @param hashSeed1 the same
 * @param shards of the store
 * @param stopId another one at each clean stop; 0 if the store does not outlive its process
 */
public record StoreIdentity(long hashSeed0, long hashSeed1, int shards, long stopId) {
    /** A store whose memory is new: nothing on disk belongs to it. */
    public static final StoreIdentity NONE = new StoreIdentity(0, 0, 0, 0);

    /** Whether anything can belong to it. */
    boolean outlives() {
        return stopId != 0;
    }
}
