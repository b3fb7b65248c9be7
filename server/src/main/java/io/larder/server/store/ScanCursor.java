package io.larder.server.store;

/** A place in a store's order, which is that of hashes. Stateless. */
final class ScanCursor {
    /*
     *   63     56 55        48 47                        18 17          0
     *  +---------+------------+----------------------------+-------------+
     *  |    0    |  shard 8   |  bucket 30                 |  tag 18     |
     *  +---------+------------+----------------------------+-------------+
     *
     * The bits of a hash in another order, so that a key's place is known without looking for it,
     * and unsigned cursors grow as a scan goes on. The first place is 0, which is the begin; the
     * place behind the last one would not fit, and 0 serves as the end, too.
     */
    private static final int BUCKET_SHIFT = Slot.TAG_BITS;
    private static final int SHARD_SHIFT = 48;
    private static final long BUCKET_MASK = (1L << (SHARD_SHIFT - BUCKET_SHIFT)) - 1;

    private ScanCursor() {}

    static long of(int shard, long bucket, int tag) {
        return (long) shard << SHARD_SHIFT | bucket << BUCKET_SHIFT | tag;
    }

    /** The first place of the shard after {@code shard}, or the end. */
    static long afterShard(int shard, int shards) {
        return shard + 1 == shards ? Scan.END : of(shard + 1, 0, 0);
    }

    static int shard(long cursor) {
        return (int) (cursor >>> SHARD_SHIFT);
    }

    static long bucket(long cursor) {
        return cursor >>> BUCKET_SHIFT & BUCKET_MASK;
    }

    static int tag(long cursor) {
        return (int) cursor & Slot.TAG_MAX;
    }
}
