package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one shard: decide under the lock, append, swing. For any thread.
 *
 * <p>An item of up to {@link #COPY_UNDER_LOCK_BYTES} is reserved, copied and published in one hold
 * of the lock. A larger one is reserved under it, copied outside, its segment kept from recycling
 * by a pending count meanwhile, and decided and published under it again.
 */
class ShardWriter {
    static final int COPY_UNDER_LOCK_BYTES = 4096;

    /** How often a starved writer helps with an eviction before it answers BUSY. */
    private static final int HELPS_MAX = 4;

    /** How long a deletion is remembered at least, memory permitting. */
    private static final long TOMBSTONE_MILLIS = 10_000;

    private static final int NUMBER_BYTES_MAX = 20;
    private static final Slice EMPTY = Slice.of(new byte[0]);

    private final Shard shard;
    private final Memory memory;
    private final SpaceReclaimer reclaimer;
    private final StoreCounters counters;
    private final int lowWatermark;

    // Under the lock.
    private final byte[] digits = new byte[NUMBER_BYTES_MAX];
    private final Slice digitsSlice = new Slice();
    private final ItemView view = new ItemView();

    ShardWriter(Shard shard, SpaceReclaimer reclaimer, StoreCounters counters, int lowWatermark) {
        this.shard = shard;
        this.memory = shard.memory;
        this.reclaimer = reclaimer;
        this.counters = counters;
        this.lowWatermark = lowWatermark;
    }

    /** Locking: the shard's lock; outside of it may reclaim a segment. */
    WriteStatus put(Mutation mutation, long nowMillis) {
        int extensionBytes =
                ItemLayout.extensionBytes(mutation.clientFlags, mutation.callerVersion);
        if (!fits(mutation, extensionBytes, mutation.value.length())) {
            return WriteStatus.TOO_LARGE;
        }
        int bytes =
                ItemLayout.itemBytes(
                        extensionBytes, mutation.key.bytes().length(), mutation.value.length());
        for (int helps = 0; ; helps++) {
            WriteStatus status =
                    bytes <= COPY_UNDER_LOCK_BYTES
                            ? putInOneHold(mutation, bytes, extensionBytes, nowMillis)
                            : putInTwoHolds(mutation, bytes, extensionBytes, nowMillis);
            if (status != WriteStatus.BUSY || !madeRoom(helps)) {
                return status;
            }
        }
    }

    /** Whether an item of this mutation's key fits a segment; no sum here can overflow. */
    private boolean fits(Mutation mutation, int extensionBytes, int valueLength) {
        int segmentBytes = shard.segments.segmentBytes();
        return valueLength <= segmentBytes
                && ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), valueLength)
                        <= segmentBytes;
    }

    private WriteStatus putInOneHold(
            Mutation mutation, int bytes, int extensionBytes, long nowMillis) {
        shard.lock.lock();
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = decide(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            long position = reserve(mutation, mutation.value.length(), bytes, extensionBytes);
            if (position == SegmentLog.NO_SPACE) {
                return WriteStatus.BUSY;
            }
            fill(mutation, mutation.value, position, extensionBytes);
            publish(mutation, position, slotAt, nowMillis, bytes);
            return WriteStatus.DONE;
        } finally {
            unlock();
        }
    }

    private WriteStatus putInTwoHolds(
            Mutation mutation, int bytes, int extensionBytes, long nowMillis) {
        long position;
        int segment;
        shard.lock.lock();
        try {
            WriteStatus status = decide(mutation, shard.index.find(mutation.key), nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            position = reserve(mutation, mutation.value.length(), bytes, extensionBytes);
            if (position == SegmentLog.NO_SPACE) {
                return WriteStatus.BUSY;
            }
            segment = shard.segments.segmentOf(position);
            shard.segments.addPending(segment, 1);
        } finally {
            unlock();
        }
        fill(mutation, mutation.value, position, extensionBytes);
        shard.lock.lock();
        try {
            shard.segments.addPending(segment, -1);
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = decide(mutation, slotAt, nowMillis);
            if (status == WriteStatus.DONE) {
                publish(mutation, position, slotAt, nowMillis, bytes);
            } else {
                shard.abandon(position);
            }
            return status;
        } finally {
            unlock();
        }
    }

    /** Whether the mutation's condition holds for what is there; notes the version that is. */
    private WriteStatus decide(Mutation mutation, long slotAt, long nowMillis) {
        boolean present = shard.present(slotAt, nowMillis);
        mutation.version = present ? view(slotAt).version() : 0;
        return switch (mutation.condition) {
            case ALWAYS -> WriteStatus.DONE;
            case ABSENT -> present ? WriteStatus.EXISTS : WriteStatus.DONE;
            case PRESENT -> present ? WriteStatus.DONE : WriteStatus.MISSING;
            case VERSION -> {
                if (!present) {
                    yield WriteStatus.MISSING;
                }
                yield mutation.version == mutation.expectedVersion
                        ? WriteStatus.DONE
                        : WriteStatus.VERSION_MISMATCH;
            }
            case NEWER ->
                    present
                                    && Long.compareUnsigned(
                                                    view(slotAt).callerVersion(),
                                                    mutation.callerVersion)
                                            >= 0
                            ? WriteStatus.VERSION_MISMATCH
                            : WriteStatus.DONE;
        };
    }

    private ItemView view(long slotAt) {
        long position = Slot.position(memory.getLong(slotAt));
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return view.show(
                memory,
                position,
                memory.getLong(position),
                word1,
                ItemLayout.extensionBytes(memory, position, word1));
    }

    private long reserve(Mutation mutation, int valueLength, int bytes, int extensionBytes) {
        long word1 =
                ItemLayout.word1(
                        0,
                        mutation.key.bytes().length(),
                        ItemLayout.KIND_VALUE,
                        extensionBytes > 0);
        return shard.log.reserve(SegmentLog.FRESH, bytes, valueLength, word1, extensionBytes);
    }

    private void fill(Mutation mutation, Slice value, long position, int extensionBytes) {
        if (extensionBytes > 0) {
            ItemLayout.writeExtension(
                    memory, position, extensionBytes, mutation.clientFlags, mutation.callerVersion);
        }
        ItemLayout.writeSpaceAndFormat(
                memory, position, extensionBytes, mutation.key.space(), mutation.format);
        long keyAt = ItemLayout.keyPosition(position, extensionBytes);
        memory.copyIn(keyAt, mutation.key.bytes());
        memory.copyIn(keyAt + mutation.key.bytes().length(), value);
    }

    private void publish(Mutation mutation, long position, long slotAt, long nowMillis, int bytes) {
        mutation.version = shard.nextVersion(nowMillis);
        shard.account.bytesWritten += bytes;
        shard.account.expiry.advance(nowMillis);
        shard.publish(
                position,
                mutation.key.hash(),
                slotAt,
                mutation.expiryMillis,
                mutation.version,
                mutation.negative ? ItemLayout.KIND_NEGATIVE : ItemLayout.KIND_VALUE);
    }

    /** Locking: the shard's lock. Never refused for want of room. */
    WriteStatus delete(Mutation mutation, long nowMillis) {
        shard.lock.lock();
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = decide(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            if (!shard.present(slotAt, nowMillis)) {
                return WriteStatus.MISSING;
            }
            mutation.version = shard.nextVersion(nowMillis);
            bury(mutation, slotAt, nowMillis);
            return WriteStatus.DONE;
        } finally {
            unlock();
        }
    }

    private void bury(Mutation mutation, long slotAt, long nowMillis) {
        int bytes = ItemLayout.itemBytes(0, mutation.key.bytes().length(), 0);
        long position = reserve(mutation, 0, bytes, 0);
        if (position == SegmentLog.NO_SPACE) {
            shard.raiseFillFloor(mutation.version);
            shard.unlink(mutation.key.hash(), slotAt);
            return;
        }
        ItemLayout.writeSpaceAndFormat(memory, position, 0, mutation.key.space(), 0);
        memory.copyIn(ItemLayout.keyPosition(position, 0), mutation.key.bytes());
        shard.publish(
                position,
                mutation.key.hash(),
                slotAt,
                nowMillis + TOMBSTONE_MILLIS,
                mutation.version,
                ItemLayout.KIND_TOMBSTONE);
    }

    /** Locking: the shard's lock, the sink is called under it. */
    WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        shard.lock.lock();
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = decide(mutation, slotAt, nowMillis);
            if (status == WriteStatus.DONE && !shard.present(slotAt, nowMillis)) {
                status = WriteStatus.MISSING;
            }
            if (status != WriteStatus.DONE) {
                (status == WriteStatus.MISSING ? counters.misses : counters.hits).increment();
                return status;
            }
            counters.hits.increment();
            long position = Slot.position(memory.getLong(slotAt));
            long word0 = memory.getLong(position);
            int bytes = itemBytes(position, word0);
            shard.account.expiry.advance(nowMillis);
            shard.account.expiry.remove(ItemLayout.expiryMillis(word0), bytes);
            shard.account.expiry.add(mutation.expiryMillis, bytes);
            memory.putLongRelease(position, ItemLayout.withExpiry(word0, mutation.expiryMillis));
            ItemView item = view(slotAt);
            mutation.version = item.version();
            if (sink != null) {
                sink.accept(item);
            }
            return WriteStatus.DONE;
        } finally {
            unlock();
        }
    }

    private int itemBytes(long position, long word0) {
        return ItemLayout.itemBytes(
                memory, position, word0, memory.getLong(position + ItemLayout.WORD1_OFFSET));
    }

    /** Locking: the shard's lock; outside of it may reclaim a segment. */
    WriteStatus increment(Mutation mutation, long nowMillis) {
        long expiryMillis = mutation.expiryMillis;
        int clientFlags = mutation.clientFlags;
        long callerVersion = mutation.callerVersion;
        int format = mutation.format;
        for (int helps = 0; ; helps++) {
            // An attempt that found no room may have taken these over from an item now gone.
            mutation.expiryMillis = expiryMillis;
            mutation.clientFlags = clientFlags;
            mutation.callerVersion = callerVersion;
            mutation.format = format;
            WriteStatus status;
            shard.lock.lock();
            try {
                status = incrementLocked(mutation, nowMillis);
            } finally {
                unlock();
            }
            if (status != WriteStatus.BUSY || !madeRoom(helps)) {
                return status;
            }
        }
    }

    private WriteStatus incrementLocked(Mutation mutation, long nowMillis) {
        long slotAt = shard.index.find(mutation.key);
        WriteStatus status = decide(mutation, slotAt, nowMillis);
        if (status != WriteStatus.DONE) {
            return status;
        }
        if (shard.present(slotAt, nowMillis)) {
            ItemView item = view(slotAt);
            int length = item.valueLength();
            if (length > NUMBER_BYTES_MAX) {
                return WriteStatus.NOT_A_NUMBER;
            }
            item.copyTo(digits, 0);
            if (!DecimalText.isLong(digits, length)) {
                return WriteStatus.NOT_A_NUMBER;
            }
            long number = DecimalText.parse(digits, length);
            long sum = number + mutation.delta;
            if (((number ^ sum) & (mutation.delta ^ sum)) < 0) {
                return WriteStatus.NOT_A_NUMBER;
            }
            mutation.number = sum;
            keepMetadata(mutation, item);
        } else if (mutation.createIfAbsent) {
            mutation.number = mutation.initial;
            if (mutation.expiryMillis == Mutation.KEEP_EXPIRY) {
                mutation.expiryMillis = Mutation.NEVER;
            }
        } else {
            return WriteStatus.MISSING;
        }
        int length = DecimalText.format(mutation.number, digits);
        digitsSlice.wrap(digits, 0, length);
        return append(mutation, slotAt, digitsSlice, nowMillis);
    }

    private static void keepMetadata(Mutation mutation, ItemView item) {
        mutation.clientFlags = item.clientFlags();
        mutation.callerVersion = item.callerVersion();
        mutation.format = item.format();
        if (mutation.expiryMillis == Mutation.KEEP_EXPIRY) {
            mutation.expiryMillis = item.expiryMillis();
        }
    }

    private WriteStatus append(Mutation mutation, long slotAt, Slice value, long nowMillis) {
        int extensionBytes =
                ItemLayout.extensionBytes(mutation.clientFlags, mutation.callerVersion);
        if (!fits(mutation, extensionBytes, value.length())) {
            return WriteStatus.TOO_LARGE;
        }
        int bytes =
                ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), value.length());
        long position = reserve(mutation, value.length(), bytes, extensionBytes);
        if (position == SegmentLog.NO_SPACE) {
            return WriteStatus.BUSY;
        }
        fill(mutation, value, position, extensionBytes);
        publish(mutation, position, slotAt, nowMillis, bytes);
        return WriteStatus.DONE;
    }

    /** Locking: the shard's lock, also for the copy of the old value; may reclaim outside of it. */
    WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        for (int helps = 0; ; helps++) {
            WriteStatus status;
            shard.lock.lock();
            try {
                status = appendLocked(mutation, atEnd, nowMillis);
            } finally {
                unlock();
            }
            if (status != WriteStatus.BUSY || !madeRoom(helps)) {
                return status;
            }
        }
    }

    private WriteStatus appendLocked(Mutation mutation, boolean atEnd, long nowMillis) {
        long slotAt = shard.index.find(mutation.key);
        WriteStatus status = decide(mutation, slotAt, nowMillis);
        if (status != WriteStatus.DONE) {
            return status;
        }
        if (!shard.present(slotAt, nowMillis)) {
            return WriteStatus.MISSING;
        }
        ItemView old = view(slotAt);
        mutation.expiryMillis = Mutation.KEEP_EXPIRY;
        keepMetadata(mutation, old);
        int added = mutation.value.length();
        int extensionBytes =
                ItemLayout.extensionBytes(mutation.clientFlags, mutation.callerVersion);
        int valueLength = old.valueLength() + added;
        if (added > shard.segments.segmentBytes() || !fits(mutation, extensionBytes, valueLength)) {
            return WriteStatus.TOO_LARGE;
        }
        int keyLength = mutation.key.bytes().length();
        int bytes = ItemLayout.itemBytes(extensionBytes, keyLength, valueLength);
        long position = reserve(mutation, valueLength, bytes, extensionBytes);
        if (position == SegmentLog.NO_SPACE) {
            return WriteStatus.BUSY;
        }
        long valueAt = ItemLayout.keyPosition(position, extensionBytes) + keyLength;
        fill(mutation, atEnd ? EMPTY : mutation.value, position, extensionBytes);
        old.copyWithin(atEnd ? valueAt : valueAt + added);
        if (atEnd) {
            memory.copyIn(valueAt + old.valueLength(), mutation.value);
        }
        publish(mutation, position, slotAt, nowMillis, bytes);
        return WriteStatus.DONE;
    }

    /** After a refusal: helps to reclaim; false when it is time to answer BUSY. */
    private boolean madeRoom(int helps) {
        if (helps < HELPS_MAX && reclaimer.help(shard.id)) {
            return true;
        }
        counters.writesBusy.increment();
        return false;
    }

    /** Unlocks, and has segments reclaimed if this hold took one and few are left. */
    private void unlock() {
        boolean took = shard.log.consumeTookSegment();
        shard.lock.unlock();
        if (took && shard.segments.free() < lowWatermark) {
            reclaimer.request(shard.id);
        }
    }
}
