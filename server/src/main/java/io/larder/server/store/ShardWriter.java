package io.larder.server.store;

import io.larder.server.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Puts, deletions and touches of one shard: decide under the lock, append, swing. For any thread.
 *
 * <p>An item of up to {@link #COPY_UNDER_LOCK_BYTES} is reserved, copied and published in one hold
 * of the lock; for a larger one see {@link TwoHoldPut}.
 */
class ShardWriter {
    static final int COPY_UNDER_LOCK_BYTES = 4096;

    /** How long a deletion is remembered at least, memory permitting. */
    private static final long TOMBSTONE_MILLIS = 10_000;

    final WriteSteps steps;
    private final Shard shard;
    private final Memory memory;
    private final StoreCounters counters;
    private final TwoHoldPut twoHoldPut;

    ShardWriter(WriteSteps steps) {
        this.steps = steps;
        this.shard = steps.shard;
        this.memory = steps.memory;
        this.counters = steps.counters;
        this.twoHoldPut = new TwoHoldPut(steps);
    }

    /** Locking: the shard's lock; outside of it may reclaim a segment. */
    WriteStatus put(Mutation mutation, long nowMillis) {
        if (!steps.isInline(mutation.value.length())) {
            return steps.large.put(mutation, nowMillis);
        }
        steps.limitIdling(mutation, nowMillis);
        int extensionBytes = steps.extensionBytes(mutation);
        if (!steps.fits(mutation, extensionBytes, mutation.value.length())) {
            return WriteStatus.TOO_LARGE;
        }
        int bytes =
                ItemLayout.itemBytes(
                        extensionBytes, mutation.key.bytes().length(), mutation.value.length());
        for (int helps = 0; ; helps++) {
            WriteStatus status =
                    bytes <= copyUnderLockBytes()
                            ? putInOneHold(mutation, bytes, extensionBytes, nowMillis)
                            : twoHoldPut.put(mutation, null, extensionBytes, nowMillis);
            if (status != WriteStatus.BUSY || !steps.madeRoom(helps)) {
                return status;
            }
        }
    }

    /** The largest item copied in one hold; a measurement tries others. */
    int copyUnderLockBytes() {
        return COPY_UNDER_LOCK_BYTES;
    }

    private WriteStatus putInOneHold(
            Mutation mutation, int bytes, int extensionBytes, long nowMillis) {
        if (!steps.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decide(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            long position =
                    steps.reserve(
                            mutation,
                            slotAt,
                            mutation.value.length(),
                            bytes,
                            extensionBytes,
                            nowMillis);
            if (position < 0) {
                return WriteSteps.refused(position);
            }
            steps.fill(mutation, mutation.value, position, extensionBytes);
            steps.seal(position);
            steps.publish(mutation, position, slotAt, nowMillis, bytes);
            return WriteStatus.DONE;
        } finally {
            steps.unlock();
        }
    }

    /** Locking: the shard's lock. Never refused for want of room. */
    WriteStatus delete(Mutation mutation, long nowMillis) {
        if (!steps.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decideOnPresent(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            if (!shard.present(slotAt, nowMillis)) {
                shard.fills.changed(mutation.key.hash());
                return WriteStatus.MISSING;
            }
            bury(mutation, slotAt, nowMillis);
            return WriteStatus.DONE;
        } finally {
            steps.unlock();
        }
    }

    /** Puts a tombstone in the key's place, if it has one still, or remembers it by the floor. */
    void bury(Mutation mutation, long slotAt, long nowMillis) {
        mutation.version = shard.nextVersion(nowMillis);
        shard.events.changed(mutation.key);
        shard.fills.changed(mutation.key.hash());
        if (slotAt == HashIndex.NO_SLOT) {
            shard.raiseFillFloor(mutation.version);
            shard.overflow.changed(mutation.key.hash());
            return;
        }
        shard.noteRemoved(
                RemovalCause.DELETED,
                Slot.position(memory.getLong(slotAt)),
                mutation.version,
                mutation);
        int extensionBytes = ItemLayout.tombstoneExtensionBytes(shard.segments.isSummed());
        int bytes = ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), 0);
        int queue = shard.log.queueOf(Slot.position(memory.getLong(slotAt)));
        int stream = Stream.of(queue, Stream.FRESH, Stream.classOf(TOMBSTONE_MILLIS));
        long word1 =
                ItemLayout.word1(
                        0,
                        mutation.key.bytes().length(),
                        ItemLayout.KIND_TOMBSTONE,
                        extensionBytes > 0);
        long position = shard.log.reserve(stream, bytes, 0, word1, extensionBytes);
        if (position == SegmentLog.NO_SPACE) {
            shard.raiseFillFloor(mutation.version);
            shard.snapshot.beforeChange(mutation.key.hash());
            shard.unlink(mutation.key.hash(), slotAt);
            shard.overflow.changed(mutation.key.hash());
            return;
        }
        if (extensionBytes > 0) {
            ItemLayout.writeSumField(memory, position, extensionBytes);
        }
        ItemLayout.writeSpaceAndFormat(memory, position, extensionBytes, mutation.key.space(), 0);
        memory.copyIn(ItemLayout.keyPosition(position, extensionBytes), mutation.key.bytes());
        steps.seal(position);
        shard.publish(
                position,
                mutation.key.hash(),
                slotAt,
                nowMillis + TOMBSTONE_MILLIS,
                mutation.version,
                ItemLayout.KIND_TOMBSTONE);
    }

    /** Locking: the shard's lock, the sink is called under it unless the value is large. */
    WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        ItemView large = null;
        if (!steps.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decideOnPresent(mutation, slotAt, nowMillis);
            if (status == WriteStatus.DONE && !shard.present(slotAt, nowMillis)) {
                status = WriteStatus.MISSING;
            }
            if (status == WriteStatus.OVERFLOWED) {
                return status;
            }
            if (status != WriteStatus.DONE) {
                (status == WriteStatus.MISSING ? counters.misses : counters.hits).increment();
                return status;
            }
            counters.hits.increment();
            steps.setExpiry(mutation.key.hash(), slotAt, mutation.expiryMillis, nowMillis);
            shard.events.changed(mutation.key);
            ItemView item = steps.view(slotAt);
            mutation.version = item.version();
            if (sink != null && item.isLarge()) {
                long position = Slot.position(memory.getLong(slotAt));
                LargeValue value = item.retain();
                long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
                large = mutation.key.view.showLarge(memory.getLong(position), word1, value);
            } else if (sink != null) {
                sink.accept(item);
            }
        } finally {
            steps.unlock();
        }
        if (sink != null && large != null) {
            ShardReader.handOver(large, sink);
        }
        return WriteStatus.DONE;
    }

    /**
     * A read has found the item of a space whose items expire for want of use: puts that off, not
     * beyond the end of the item's life. Locking: the shard's lock.
     */
    void used(Key key, long maxIdleMillis, long nowMillis) {
        shard.lock.lock();
        try {
            long slotAt = shard.index.find(key);
            if (shard.present(slotAt, nowMillis)) {
                ItemView item = steps.view(slotAt);
                long expiryMillis = Math.min(item.endOfLifeMillis(), nowMillis + maxIdleMillis);
                if (expiryMillis > item.expiryMillis()) {
                    steps.setExpiry(key.hash(), slotAt, expiryMillis, nowMillis);
                }
            }
        } finally {
            steps.unlock();
        }
    }
}
