package io.larder.server.store;

/**
 * Who keeps what a shard evicts, elsewhere than in memory: asked and told by the shard, under its
 * lock unless stated. Computes and remembers; never blocks, never throws, never calls back.
 *
 * <p>A kept item is named by its <em>stamp</em>, a version that the shard gave out for this one
 * eviction and gives to nothing else. So a stamp says which bytes are meant, not where they lie.
 * While {@link #stamp} names one for a key's hash, the bytes kept under it are the key's present
 * item, unless they are another key's of a like hash, which their key tells: whatever changes a key
 * tells {@link #changed} in the same hold of the lock.
 */
public interface ShardOverflow {
    /** No stamp. */
    long NONE = 0;

    /** Keeps nothing. */
    ShardOverflow OFF =
            new ShardOverflow() {
                @Override
                public boolean wants(int queue, int freq, int itemBytes) {
                    return false;
                }

                @Override
                public void evicted(long hash, long stamp, byte[] item) {}

                @Override
                public void segmentEvicted() {}

                @Override
                public long stamp(long hash) {
                    return NONE;
                }

                @Override
                public void changed(long hash) {}

                @Override
                public void read(long hash, long stamp) {}

                @Override
                public void clear() {}
            };

    /**
     * Whether an item that is about to be evicted is to be kept.
     *
     * @param queue {@link ShardPolicy#SMALL} or {@link ShardPolicy#MAIN}
     * @param freq how often it was used of late, 0..3
     */
    boolean wants(int queue, int freq, int itemBytes);

    /**
     * Keeps an item that is about to be unlinked, in place of any other of this hash.
     *
     * @param item a copy of its bytes, which is the receiver's
     */
    void evicted(long hash, long stamp, byte[] item);

    /** A segment was emptied: what came since the last call is a batch. */
    void segmentEvicted();

    /** The stamp of what is kept for a hash, or {@link #NONE}. Any thread, without the lock. */
    long stamp(long hash);

    /** The key of this hash has another item, or none, or its item another expiry. */
    void changed(long hash);

    /** What is kept under this stamp was read, and is the key's. */
    void read(long hash, long stamp);

    /** Forgets everything. */
    void clear();
}
