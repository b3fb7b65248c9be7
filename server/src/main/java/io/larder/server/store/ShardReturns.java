package io.larder.server.store;

import io.larder.server.memory.Slice;

/**
 * What becomes of a shard's overflowed items when somebody has fetched one: it is shown, taken back
 * into memory, or forgotten. For any thread.
 */
/*
 *   fetched -> lock · the shard's overflow names this very stamp for the hash · it is this key's ·
 *              not expired · no floor covers it · unlock -> shown, or taken back
 *
 * That the stamp is named is judged in the hold of the lock that decides. As every change of a key
 * takes its stamp away in its own hold, the key has not been changed since the item was evicted, so
 * the item is its present one: at that moment, which lies within the read. However long the fetch
 * took, and whatever else lies where it was found, does not matter.
 *
 * Taking back is no change of the key: the version stays, nobody is told, no fill is struck, and the
 * stamp stays named, as what is kept elsewhere still is the same item. It is copied outside of the
 * lock like every longer item, and judged anew in the hold that links it.
 */
class ShardReturns {
    private final WriteSteps steps;
    private final Shard shard;
    private final KeyHasher hasher;

    ShardReturns(WriteSteps steps, KeyHasher hasher) {
        this.steps = steps;
        this.shard = steps.shard;
        this.hasher = hasher;
    }

    /**
     * Hands the item to the sink if it is the key's present one. One that is dead is forgotten; one
     * of another key is noted in {@code key}.
     *
     * <p>Locking: the shard's lock; the sink is called without it.
     */
    ReadStatus show(Key key, OverflowedItem item, long nowMillis, ValueSink sink) {
        if (!item.isOf(key)) {
            key.passOver(item.stamp());
            return ReadStatus.MISS;
        }
        shard.lock.lock();
        try {
            if (!isNamed(key.hash(), item.stamp())) {
                return ReadStatus.MISS;
            }
            if (!isAlive(item, key.bytes(), nowMillis)) {
                shard.overflow.changed(key.hash());
                return ReadStatus.MISS;
            }
            shard.overflow.read(key.hash(), item.stamp());
        } finally {
            shard.lock.unlock();
        }
        sink.accept(item.show(key));
        return ReadStatus.HIT;
    }

    /** Whether the item fetched is the one that the shard names now. */
    boolean isNamed(long hash, long stamp) {
        return shard.overflow.stamp(hash) == stamp;
    }

    private boolean isAlive(OverflowedItem item, Slice key, long nowMillis) {
        return item.expiryMillis() > nowMillis && !shard.floors.coverOverflowed(item, key);
    }

    /** Forgets what is kept under this stamp. Locking: the shard's lock. */
    void forget(long hash, long stamp) {
        shard.lock.lock();
        try {
            if (isNamed(hash, stamp)) {
                shard.overflow.changed(hash);
            }
        } finally {
            shard.lock.unlock();
        }
    }

    /**
     * Takes an item back into memory, if it is its key's present one and not there already: DONE,
     * EXISTS, MISSING or, for want of room, BUSY or OUT_OF_CAPACITY.
     *
     * <p>Locking: the shard's lock, twice; outside of it may reclaim a segment.
     */
    WriteStatus takeBack(OverflowedItem item, long nowMillis) {
        Mutation mutation = new Mutation();
        item.wrapKey(mutation.key, hasher);
        mutation.expiryMillis = item.expiryMillis();
        for (int helps = 0; ; helps++) {
            WriteStatus status = tryTakeBack(mutation, item, nowMillis);
            if (status != WriteStatus.BUSY || !steps.madeRoom(helps)) {
                return status;
            }
        }
    }

    private WriteStatus tryTakeBack(Mutation mutation, OverflowedItem item, long nowMillis) {
        int bytes = item.itemBytes();
        long position;
        int segment;
        shard.lock.lock();
        try {
            WriteStatus status = judge(mutation, item, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            position =
                    steps.reserve(
                            mutation,
                            HashIndex.NO_SLOT,
                            ItemLayout.valueLength(item.word0),
                            bytes,
                            item.extensionBytes,
                            nowMillis);
            if (position < 0) {
                return WriteSteps.refused(position);
            }
            segment = shard.segments.segmentOf(position);
            shard.segments.addPending(segment, 1);
        } finally {
            steps.unlock();
        }
        item.copyBodyTo(steps.memory, position);
        steps.seal(position);
        shard.lock.lock();
        try {
            shard.segments.addPending(segment, -1);
            WriteStatus status = judge(mutation, item, nowMillis);
            if (status == WriteStatus.DONE) {
                steps.publishReturned(item.version(), mutation, position, nowMillis, bytes, item);
            } else {
                steps.abandon(mutation, position, bytes);
            }
            return status;
        } finally {
            steps.unlock();
        }
    }

    /** Whether the item may be linked. One that is dead, here or there, is forgotten. */
    private WriteStatus judge(Mutation mutation, OverflowedItem item, long nowMillis) {
        Key key = mutation.key;
        mutation.replacedBytes = 0;
        if (!isNamed(key.hash(), item.stamp())) {
            return WriteStatus.MISSING;
        }
        long slotAt = shard.index.find(key);
        if (shard.present(slotAt, nowMillis)) {
            return WriteStatus.EXISTS;
        }
        if (slotAt != HashIndex.NO_SLOT || !isAlive(item, key.bytes(), nowMillis)) {
            shard.overflow.changed(key.hash());
            return WriteStatus.MISSING;
        }
        return WriteStatus.DONE;
    }
}
