package io.larder.server.tier;

/** An evicted item on its way to disk. Immutable. */
final class Victim {
    private static final int SHARD_BITS = 16;

    private final int shard;
    private final long hash;
    private final long stamp;
    private final byte[] item;

    /**
     * A victim.
     *
     * @param shard it was evicted from
     * @param hash of its key
     * @param stamp names this eviction in the shard
     * @param item its bytes, which nobody changes
     */
    Victim(int shard, long hash, long stamp, byte[] item) {
        this.shard = shard;
        this.hash = hash;
        this.stamp = stamp;
        this.item = item;
    }

    int shard() {
        return shard;
    }

    long hash() {
        return hash;
    }

    long stamp() {
        return stamp;
    }

    byte[] item() {
        return item;
    }

    /** What it is called on disk: names of later evictions are higher, as stamps are dated. */
    long name() {
        return name(shard, stamp);
    }

    static long name(int shard, long stamp) {
        return stamp << SHARD_BITS | shard;
    }
}
