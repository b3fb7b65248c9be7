package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import io.larder.server.store.Mutation.Presence;

/**
 * The steps that every write of one shard is made of. Under the shard's lock unless stated.
 *
 * <p>A write is: {@link #lock}, {@link #decide}, {@link #reserve}, {@link #fill}, {@link #publish},
 * {@link #unlock}; where there is no room it unlocks, calls {@link #madeRoom} and begins anew.
 */
final class WriteSteps {
    /** How often a starved writer helps with an eviction before it answers BUSY. */
    private static final int HELPS_MAX = 4;

    final Shard shard;
    final Memory memory;
    final StoreCounters counters;
    final LargeWriter large;
    private final SpaceReclaimer reclaimer;
    private final int lowWatermark;
    private final ItemView view = new ItemView();

    WriteSteps(
            Shard shard,
            SpaceReclaimer reclaimer,
            StoreCounters counters,
            UploadShare uploads,
            int lowWatermark) {
        this.shard = shard;
        this.memory = shard.memory;
        this.reclaimer = reclaimer;
        this.counters = counters;
        this.lowWatermark = lowWatermark;
        this.large = new LargeWriter(this, uploads);
    }

    /** An upload for this shard, for which {@code share} has been entered. Needs no lock. */
    ValueUpload upload(UploadShare share, int valueLength) {
        return new ValueUpload(
                shard.segments, share, reclaimer, shard.id, lowWatermark, valueLength);
    }

    /** Whether a value of this length lies in its item, or else in a chain. */
    boolean isInline(int valueLength) {
        return valueLength <= LargeShape.inlineBytesMax(shard.segments.segmentBytes());
    }

    /** Whether an item of this mutation's key fits a segment; no sum here can overflow. */
    boolean fits(Mutation mutation, int extensionBytes, int valueLength) {
        int segmentBytes = shard.segments.segmentBytes();
        return valueLength <= segmentBytes
                && ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), valueLength)
                        <= segmentBytes;
    }

    /** Whether the mutation's conditions hold for what is there; notes the version that is. */
    WriteStatus decide(Mutation mutation, long slotAt, long nowMillis) {
        if (!shard.present(slotAt, nowMillis)) {
            mutation.version = Mutation.VERSION_ABSENT;
            boolean wanted =
                    mutation.presence != Presence.PRESENT
                            && (!mutation.ifVersion
                                    || mutation.expectedVersion == Mutation.VERSION_ABSENT);
            return wanted ? WriteStatus.DONE : WriteStatus.MISSING;
        }
        ItemView item = view(slotAt);
        mutation.version = item.version();
        if (mutation.presence == Presence.ABSENT) {
            return WriteStatus.EXISTS;
        }
        if (mutation.ifVersion && mutation.version != mutation.expectedVersion) {
            return WriteStatus.VERSION_MISMATCH;
        }
        return mutation.ifNewer ? decideNewer(mutation, item) : WriteStatus.DONE;
    }

    private static WriteStatus decideNewer(Mutation mutation, ItemView item) {
        mutation.storedCallerVersion = item.callerVersion();
        return mutation.storedCallerVersion == Mutation.NO_CALLER_VERSION
                        || Long.compareUnsigned(
                                        mutation.callerVersion, mutation.storedCallerVersion)
                                > 0
                ? WriteStatus.DONE
                : WriteStatus.NOT_NEWER;
    }

    /** The item behind the slot at {@code slotAt}, in a flyweight that the next call reuses. */
    ItemView view(long slotAt) {
        return view(slotAt, view);
    }

    /** The item behind the slot at {@code slotAt}, in {@code view}. */
    ItemView view(long slotAt, ItemView view) {
        long position = Slot.position(memory.getLong(slotAt));
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return view.showLocked(
                shard.segments,
                position,
                memory.getLong(position),
                word1,
                ItemLayout.extensionBytes(memory, position, word1));
    }

    /** Room for the mutation's item, {@link SegmentLog#NO_SPACE} if there is none. */
    long reserve(Mutation mutation, int valueLength, int bytes, int extensionBytes) {
        long word1 =
                ItemLayout.word1(
                        0,
                        mutation.key.bytes().length(),
                        ItemLayout.KIND_VALUE,
                        extensionBytes > 0);
        return shard.log.reserve(SegmentLog.FRESH, bytes, valueLength, word1, extensionBytes);
    }

    /** Writes all of a reserved item but its words 0 and 1. Needs no lock while it is pending. */
    void fill(Mutation mutation, Slice value, long position, int extensionBytes) {
        if (extensionBytes > 0) {
            ItemLayout.writeExtension(
                    memory, position, extensionBytes, mutation.clientFlags, mutation.callerVersion);
            if (mutation.tagCount() > 0) {
                ItemLayout.writeTags(memory, position, mutation);
            }
        }
        ItemLayout.writeSpaceAndFormat(
                memory, position, extensionBytes, mutation.key.space(), mutation.format);
        long keyAt = ItemLayout.keyPosition(position, extensionBytes);
        memory.copyIn(keyAt, mutation.key.bytes());
        memory.copyIn(keyAt + mutation.key.bytes().length(), value);
    }

    /** Makes a filled item the key's: the write is done. */
    void publish(Mutation mutation, long position, long slotAt, long nowMillis, int bytes) {
        int kind = mutation.negative ? ItemLayout.KIND_NEGATIVE : ItemLayout.KIND_VALUE;
        publish(mutation, position, slotAt, nowMillis, bytes, kind);
    }

    /** The same for an item of any kind. */
    void publish(
            Mutation mutation, long position, long slotAt, long nowMillis, int bytes, int kind) {
        mutation.version = shard.nextVersion(nowMillis);
        shard.account.bytesWritten += bytes;
        shard.account.expiry.advance(nowMillis);
        shard.publish(
                position,
                mutation.key.hash(),
                slotAt,
                mutation.expiryMillis,
                mutation.version,
                kind);
    }

    /**
     * After a copy that threw: the reservation must not keep its segment for ever.
     *
     * <p>Locking: the shard's lock, not held by the caller.
     */
    void giveUp(long position, int segment) {
        shard.lock.lock();
        try {
            shard.segments.addPending(segment, -1);
            shard.abandon(position);
        } finally {
            unlock();
        }
    }

    /**
     * After a refusal: helps to reclaim; false when it is time to answer BUSY.
     *
     * <p>Locking: none held; may reclaim a segment.
     */
    boolean madeRoom(int helps) {
        if (helps < HELPS_MAX && reclaimer.help(shard.id)) {
            return true;
        }
        busy();
        return false;
    }

    /** Locks; false if that takes longer than {@code nanosMax}. */
    boolean lock(long nanosMax) {
        if (nanosMax != Mutation.UNLIMITED) {
            return shard.lock.tryLock(nanosMax);
        }
        shard.lock.lock();
        return true;
    }

    /** Counts a write that there is no room for. Needs no lock. */
    WriteStatus busy() {
        counters.writesBusy.increment();
        return WriteStatus.BUSY;
    }

    /** Unlocks, and has segments reclaimed if this hold took one and few are left. */
    void unlock() {
        if (release()) {
            requestReclaim();
        }
    }

    /** Unlocks; says whether reclamation is to be requested, once no lock is held. */
    boolean release() {
        boolean took = shard.log.consumeTookSegment();
        shard.lock.unlock();
        return took && shard.segments.free() < lowWatermark;
    }

    /** Locking: none held. */
    void requestReclaim() {
        reclaimer.request(shard.id);
    }
}
