package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import io.larder.server.store.Mutation.Presence;
import java.util.List;
import java.util.function.Consumer;

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
    private final ShardPolicy policy;
    private final SpaceReclaimer reclaimer;
    private final ItemView view = new ItemView();

    WriteSteps(
            Shard shard,
            ShardPolicy policy,
            SpaceReclaimer reclaimer,
            StoreCounters counters,
            UploadShare uploads) {
        this.shard = shard;
        this.memory = shard.memory;
        this.policy = policy;
        this.reclaimer = reclaimer;
        this.counters = counters;
        this.large = new LargeWriter(this, uploads);
    }

    /** An upload for this shard, for which {@code share} has been entered. Needs no lock. */
    ValueUpload upload(UploadShare share, int valueLength) {
        return new ValueUpload(shard.segments, share, reclaimer, shard.id, valueLength);
    }

    /** Whether a value of this length lies in its item, or else in a chain. */
    boolean isInline(int valueLength) {
        return valueLength <= LargeShape.inlineBytesMax(shard.segments.segmentBytes());
    }

    /** Where items expire for want of use: what was given is the end of life, the expiry sooner. */
    void limitIdling(Mutation mutation, long nowMillis) {
        long maxIdleMillis = shard.spaces.maxIdleMillis(mutation.key.space());
        mutation.endOfLifeMillis = maxIdleMillis == 0 ? Mutation.NEVER : mutation.expiryMillis;
        if (maxIdleMillis != 0) {
            mutation.expiryMillis = Math.min(mutation.expiryMillis, nowMillis + maxIdleMillis);
        }
    }

    /** Undoes {@link #limitIdling}, for another try. */
    void unlimitIdling(Mutation mutation) {
        if (shard.spaces.maxIdleMillis(mutation.key.space()) != 0) {
            mutation.expiryMillis = mutation.endOfLifeMillis;
        }
    }

    /** The expiry that a write gives to an item in whose place it comes and which keeps its own. */
    long keptExpiryMillis(Mutation mutation, ItemView item) {
        return shard.spaces.maxIdleMillis(mutation.key.space()) == 0
                ? item.expiryMillis()
                : item.endOfLifeMillis();
    }

    /** Whether an item of this mutation's key fits a segment; no sum here can overflow. */
    boolean fits(Mutation mutation, int extensionBytes, int valueLength) {
        int segmentBytes = shard.segments.segmentBytes();
        return valueLength <= segmentBytes
                && ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), valueLength)
                        <= segmentBytes;
    }

    /**
     * Whether the mutation's conditions hold for what is there; notes the version that is, and the
     * bytes that a write would replace.
     */
    WriteStatus decide(Mutation mutation, long slotAt, long nowMillis) {
        mutation.replacedBytes = shard.linkedBytes(slotAt);
        if (mutation.fill != Mutation.NO_FILL && !shard.isFillOpen(mutation, slotAt)) {
            return WriteStatus.CHANGED;
        }
        if (!shard.hasValue(slotAt, nowMillis)) {
            if (mutation.isConditional() && shard.isElsewhere(mutation.key, slotAt, nowMillis)) {
                return WriteStatus.OVERFLOWED;
            }
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

    /** The same for a write that depends on the item that is there, whatever its conditions. */
    WriteStatus decideOnPresent(Mutation mutation, long slotAt, long nowMillis) {
        return shard.isElsewhere(mutation.key, slotAt, nowMillis)
                ? WriteStatus.OVERFLOWED
                : decide(mutation, slotAt, nowMillis);
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
        return viewAt(Slot.position(memory.getLong(slotAt)), view);
    }

    /** The item at {@code position}, in the same flyweight as {@link #view(long)}. */
    ItemView viewAt(long position) {
        return viewAt(position, view);
    }

    private ItemView viewAt(long position, ItemView view) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return view.showLocked(
                shard.segments,
                position,
                memory.getLong(position),
                word1,
                ItemLayout.extensionBytes(memory, position, word1));
    }

    /** Room for the mutation's item where it lies in one place. */
    long reserve(
            Mutation mutation,
            long slotAt,
            int valueLength,
            int bytes,
            int extensionBytes,
            long nowMillis) {
        return reserve(mutation, slotAt, valueLength, bytes, extensionBytes, nowMillis, bytes);
    }

    /**
     * Room for the mutation's item, {@code chargedBytes} of which are charged to its space; {@link
     * SegmentLog#NO_SPACE} or {@link SegmentLog#OVER_QUOTA} if there is none. Either it is
     * published or {@link #abandon}ed.
     *
     * @param slotAt where the key's present item is linked, if there is one
     */
    long reserve(
            Mutation mutation,
            long slotAt,
            int valueLength,
            int bytes,
            int extensionBytes,
            long nowMillis,
            int chargedBytes) {
        SpaceAccount account = shard.spaces.account(mutation.key.space());
        if (account != null && !account.charge(chargedBytes, mutation.replacedBytes)) {
            return account.settings.pinned() ? SegmentLog.OVER_QUOTA : SegmentLog.NO_SPACE;
        }
        long position = place(mutation, slotAt, valueLength, bytes, extensionBytes, nowMillis);
        if (position == SegmentLog.NO_SPACE && account != null) {
            account.giveBack(chargedBytes);
        }
        return position;
    }

    /** How a write ends for which {@link #reserve} found no room. */
    static WriteStatus refused(long position) {
        return position == SegmentLog.OVER_QUOTA ? WriteStatus.OUT_OF_CAPACITY : WriteStatus.BUSY;
    }

    /** Gives up what was reserved. */
    void abandon(Mutation mutation, long position, int chargedBytes) {
        SpaceAccount account = shard.spaces.account(mutation.key.space());
        if (account != null) {
            account.giveBack(chargedBytes);
        }
        shard.abandon(position);
    }

    /** The queue of the item that is replaced, else the one that the policy says; a hole if few. */
    private long place(
            Mutation mutation,
            long slotAt,
            int valueLength,
            int bytes,
            int extensionBytes,
            long nowMillis) {
        boolean replaces = shard.present(slotAt, nowMillis);
        int queue =
                replaces
                        ? shard.log.queueOf(Slot.position(memory.getLong(slotAt)))
                        : policy.admit(mutation.key.hash(), bytes);
        int stream =
                Stream.of(queue, Stream.FRESH, Stream.classOf(mutation.expiryMillis - nowMillis));
        long word1 =
                ItemLayout.word1(
                        0,
                        mutation.key.bytes().length(),
                        ItemLayout.KIND_VALUE,
                        extensionBytes > 0);
        if (replaces
                && bytes <= ShardWriter.COPY_UNDER_LOCK_BYTES
                && shard.segments.isNearlyShort()
                && policy.fillsHoles()) {
            long position = shard.reserveHole(stream, bytes, valueLength, word1, extensionBytes);
            if (position != SegmentLog.NO_SPACE) {
                return position;
            }
        }
        return shard.log.reserve(stream, bytes, valueLength, word1, extensionBytes);
    }

    /** Bytes of the extension of the item that a mutation writes. */
    int extensionBytes(Mutation mutation) {
        return ItemLayout.extensionBytes(mutation, shard.segments.isSummed());
    }

    /**
     * Sums up a reserved item of which all but words 0 and 1 is written, where items have sums.
     * Needs no lock while it is pending.
     */
    void seal(long position) {
        ItemSum sum = shard.segments.sum();
        if (sum != null) {
            sum.sumBody(position, ItemLayout.itemBytes(memory, position, memory.getLong(position)));
        }
    }

    /** Writes all of a reserved item but its words 0 and 1. Needs no lock while it is pending. */
    void fill(Mutation mutation, Slice value, long position, int extensionBytes) {
        if (extensionBytes > 0) {
            ItemLayout.writeExtension(
                    memory, position, extensionBytes, mutation.clientFlags, mutation.callerVersion);
            if (shard.segments.isSummed()) {
                ItemLayout.writeSumField(memory, position, extensionBytes);
            }
            ItemLayout.writeTimesAndTags(memory, position, mutation);
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
        boolean replaces = shard.present(slotAt, nowMillis);
        if (slotAt != HashIndex.NO_SLOT) {
            long replaced = Slot.position(memory.getLong(slotAt));
            RemovalCause cause =
                    replaces
                            ? RemovalCause.OVERWRITTEN
                            : ItemLayout.expiryMillis(memory.getLong(replaced)) <= nowMillis
                                    ? RemovalCause.EXPIRED
                                    : RemovalCause.CLEARED;
            shard.noteRemoved(cause, replaced, shard.versionOf(replaced), mutation);
        }
        mutation.version = shard.nextVersion(nowMillis);
        shard.fills.changed(mutation.key.hash());
        shard.events.stored(mutation.key, mutation.version, !replaces);
        publishAs(mutation.version, mutation, position, slotAt, nowMillis, bytes, kind);
        sample(mutation.key, !replaces, position, bytes, mutation.expiryMillis);
    }

    private void sample(Key key, boolean isNew, long position, int bytes, long expiryMillis) {
        if (shard.sampler.wants(key.hash())) {
            long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
            int chargedBytes = shard.large.chargedBytes(position, word1, bytes);
            shard.sampler.stored(key, isNew, chargedBytes, expiryMillis);
        }
    }

    /** The same with a version of the key's that was given out before, of which nobody is told. */
    void publishAs(
            long version,
            Mutation mutation,
            long position,
            long slotAt,
            long nowMillis,
            int bytes,
            int kind) {
        shard.account.written(bytes);
        shard.account.expiry.advance(nowMillis);
        shard.publish(position, mutation.key.hash(), slotAt, mutation.expiryMillis, version, kind);
        shard.evictOver(mutation.key.space(), position);
    }

    /** Links an item that was kept elsewhere, and still is: the key is not changed by it. */
    void publishReturned(
            long version,
            Mutation mutation,
            long position,
            long nowMillis,
            int bytes,
            OverflowedItem item) {
        shard.account.written(bytes);
        shard.account.expiry.advance(nowMillis);
        shard.publishReturned(
                position,
                mutation.key.hash(),
                HashIndex.NO_SLOT,
                item.expiryMillis(),
                version,
                ItemLayout.kind(item.word1));
        shard.evictOver(mutation.key.space(), position);
        sample(mutation.key, true, position, bytes, item.expiryMillis());
    }

    /** Gives an item another expiry, which readers see at once. */
    void setExpiry(long hash, long slotAt, long expiryMillis, long nowMillis) {
        long position = Slot.position(memory.getLong(slotAt));
        long word0 = memory.getLong(position);
        int bytes = shard.linkedBytes(slotAt);
        shard.account.expiry.advance(nowMillis);
        shard.account.expiry.remove(ItemLayout.expiryMillis(word0), bytes);
        shard.account.expiry.add(expiryMillis, bytes);
        shard.log.expires(shard.segments.segmentOf(position), expiryMillis, bytes);
        shard.snapshot.beforeChange(hash);
        memory.putLongRelease(position, ItemLayout.withExpiry(word0, expiryMillis));
        shard.overflow.changed(hash);
    }

    /**
     * After a copy that threw: the reservation must not keep its segment for ever.
     *
     * <p>Locking: the shard's lock, not held by the caller.
     */
    void giveUp(Mutation mutation, long position, int segment, int chargedBytes) {
        shard.lock.lock();
        try {
            shard.segments.addPending(segment, -1);
            abandon(mutation, position, chargedBytes);
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

    /**
     * Unlocks, tells the listener, and has segments reclaimed if this hold took one and few are
     * left.
     */
    void unlock() {
        boolean took = shard.log.consumeTookSegment();
        shard.events.unlockAndTell();
        if (took && shard.segments.isShort()) {
            requestReclaim();
        }
    }

    /**
     * Unlocks; says whether reclamation is to be requested, once no lock is held, and adds what is
     * to be run then, too, to {@code untold}.
     */
    boolean release(List<Runnable> untold) {
        boolean took = shard.log.consumeTookSegment();
        List<Consumer<StoreListener>> events = shard.events.unlock();
        if (!events.isEmpty()) {
            untold.add(() -> shard.events.tell(events));
        }
        return took && shard.segments.isShort();
    }

    /** Locking: none held. */
    void requestReclaim() {
        reclaimer.request(shard.id);
    }
}
