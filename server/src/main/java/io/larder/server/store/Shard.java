package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One shard: its lock, its index, its log of segments and its account, with the steps every write
 * and every reclamation is made of. Everything here needs the lock unless it says otherwise.
 *
 * <p>The one rule that warm restart and compaction rely on: whoever unlinks an item or moves it
 * marks its source DEAD before unlocking.
 */
class Shard {
    final int id;
    final ShardLock lock = new ShardLock();
    final SegmentTable segments;
    final Memory memory;
    final HashIndex index;
    final SegmentLog log;
    final ShardAccount account;
    final LargeItems large;
    final ShardEvents events;
    final ShardSnapshot snapshot;
    final ShardFloors floors = new ShardFloors();

    /** What is being loaded; a broken twin has another, before the first write. */
    OpenFills fills = new OpenFills();

    /** Who keeps what is evicted; set before the first write. */
    ShardOverflow overflow = ShardOverflow.OFF;

    /** What became of keys; null if nobody wants to know. Set before the first write. */
    @Nullable ShardRemovals removals;

    /** Who learns from a sample of what goes on; set before the first write. */
    AccessSampler sampler = AccessSampler.NONE;

    /** The store's; set before the first write. */
    Spaces spaces = new Spaces(1);

    /** Where versions and floors are written down; set before the first write. */
    VersionRecord versions = VersionRecord.NONE;

    /** Chains that a write passes which leaves its space over its quota. */
    private static final int OVER_CHAINS = 16;

    private final HolePool holes;
    private final KeyHasher hasher;
    private final Slice keyScratch = new Slice();

    /** {@link #hashAt}, made once: a write allocates nothing. */
    private final LongUnaryOperator hashAt = this::hashAt;

    private final int versionOffset; // below 256
    private long lastVersion;
    private long fillFloor;

    // Of the present sweep: the last version given out when it began, and how far it has come.
    private long sweepVersion;
    private long sweptTo;

    private long hand; // the bucket at which evictOver goes on

    Shard(
            int id,
            SegmentTable segments,
            HashIndex index,
            SegmentLog log,
            KeyHasher hasher,
            long nowMillis) {
        this.id = id;
        this.versionOffset = versionOffset(id);
        this.segments = segments;
        this.memory = segments.arena();
        this.index = index;
        this.log = log;
        log.shard = id;
        this.events = new ShardEvents(id, lock);
        this.hasher = hasher;
        this.holes = new HolePool(segments);
        this.account = new ShardAccount(nowMillis);
        this.large = new LargeItems(segments, account);
        this.snapshot = new ShardSnapshot(this);
    }

    /**
     * Where a shard's versions of a millisecond begin, of 256: as far from those of the others as
     * can be, so that the versions of two keys, which a client may compare, are seldom the same.
     */
    static int versionOffset(int id) {
        return Integer.reverse(id) >>> 24;
    }

    /** The version of a write done now: above all before it in this shard, and dated. */
    long nextVersion(long nowMillis) {
        lastVersion = Math.max(lastVersion + 1, (nowMillis << 8) + versionOffset);
        versions.given(id, lastVersion);
        return lastVersion;
    }

    /** A write made on behalf of a miss older than this must lose: a tombstone went early. */
    long fillFloor() {
        return fillFloor;
    }

    void raiseFillFloor(long version) {
        fillFloor = Math.max(fillFloor, version);
        versions.fillFloor(id, fillFloor);
    }

    /** A version up to this one was given out by an earlier process. */
    void resumeAfter(long version) {
        lastVersion = Math.max(lastVersion, version);
    }

    /** The key of the item at {@code position}, in a scratch slice. */
    Slice keyAt(long position) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        return ItemLayout.key(memory, position, word1, extensionBytes, keyScratch);
    }

    /** The space of the item at {@code position}. */
    int spaceAt(long position) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return ItemLayout.space(
                memory, position, ItemLayout.extensionBytes(memory, position, word1));
    }

    /** The hash of the item at {@code position}, computed anew from its key. */
    long hashAt(long position) {
        return hasher.hash(spaceAt(position), keyAt(position));
    }

    /** Whether the slot at {@code slotAt}, if any, holds an item that a read would find. */
    boolean present(long slotAt, long nowMillis) {
        if (slotAt == HashIndex.NO_SLOT) {
            return false;
        }
        long slot = memory.getLong(slotAt);
        return Slot.kind(slot) != Slot.KIND_TOMBSTONE
                && ItemLayout.expiryMillis(memory.getLong(Slot.position(slot))) > nowMillis
                && !isInvalidated(Slot.position(slot));
    }

    /** The same, and it is not known to be absent at the origin. */
    boolean hasValue(long slotAt, long nowMillis) {
        if (!present(slotAt, nowMillis)) {
            return false;
        }
        long position = Slot.position(memory.getLong(slotAt));
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return ItemLayout.kind(word1) != ItemLayout.KIND_NEGATIVE;
    }

    /** Whether the item at {@code position}, no tombstone, was invalidated by tag or prefix. */
    boolean isInvalidated(long position) {
        return floors.active() != null
                && isInvalidatedSince(
                        ItemLayout.version(memory.getLong(position + ItemLayout.WORD1_OFFSET)),
                        position);
    }

    /** The same, as if the item had this version. */
    private boolean isInvalidatedSince(long version, long position) {
        ShardFloors.Active active = floors.active();
        if (active == null) {
            return false;
        }
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        return active.cover(
                memory,
                position,
                extensionBytes,
                version,
                ItemLayout.space(memory, position, extensionBytes),
                keyAt(position));
    }

    /** Where the key's item lies; null if there is none. Locking: takes the lock. */
    @Nullable ItemPlace place(Key key, long nowMillis) {
        lock.lock();
        try {
            long slotAt = index.find(key);
            if (!present(slotAt, nowMillis)) {
                return null;
            }
            long slot = memory.getLong(slotAt);
            long position = Slot.position(slot);
            int segment = segments.segmentOf(position);
            return new ItemPlace(
                    id,
                    segment,
                    Stream.queue(segments.stream(segment)) == Stream.MAIN,
                    Slot.freq(slot),
                    ItemLayout.itemBytes(memory, position, memory.getLong(position)));
        } finally {
            lock.unlock();
        }
    }

    /** Locking: takes the lock. See {@link Store#beginFill}. */
    long beginFill(Key key, long version, long nowMillis) {
        lock.lock();
        try {
            long slotAt = index.find(key);
            long found = present(slotAt, nowMillis) ? versionAt(slotAt) : Mutation.VERSION_ABSENT;
            if (found != version || isElsewhere(key, slotAt, nowMillis)) {
                return Mutation.NO_FILL;
            }
            long fill = nextVersion(nowMillis);
            fills.begin(key.hash(), fill);
            return fill;
        } finally {
            lock.unlock();
        }
    }

    /** Locking: takes the lock. See {@link Store#endFill}. */
    void endFill(long hash, long fill) {
        lock.lock();
        try {
            fills.end(hash, fill);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the key's present item may be one that is kept elsewhere, and not here. */
    boolean isElsewhere(Key key, long slotAt, long nowMillis) {
        long stamp = overflow.stamp(key.hash());
        return stamp != ShardOverflow.NONE
                && stamp != key.passedOver()
                && !present(slotAt, nowMillis);
    }

    private long versionAt(long slotAt) {
        long position = Slot.position(memory.getLong(slotAt));
        return ItemLayout.version(memory.getLong(position + ItemLayout.WORD1_OFFSET));
    }

    /** Whether a mutation's fill still counts, the key's slot, if any, being at {@code slotAt}. */
    boolean isFillOpen(Mutation mutation, long slotAt) {
        return fills.isOpen(mutation.key.hash(), mutation.fill)
                && !floors.haveRisenFor(mutation)
                && (slotAt == HashIndex.NO_SLOT
                        || Slot.kind(memory.getLong(slotAt)) == Slot.KIND_TOMBSTONE
                        || !isInvalidatedSince(
                                mutation.fill, Slot.position(memory.getLong(slotAt))));
    }

    /** Before the item at {@code position} is forgotten: what its tags say ends a fill now. */
    private void endFillIfInvalidated(long hash, long position) {
        long fill = fills.fill(hash);
        if (fill != Mutation.NO_FILL && isInvalidatedSince(fill, position)) {
            fills.changed(hash);
        }
    }

    /** Whether the linked item at {@code position} may still be seen, its expiry apart. */
    boolean isLive(long position, Liveness liveness) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return liveness.isLive(spaceAt(position), ItemLayout.version(word1))
                && (ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE
                        || !isInvalidated(position));
    }

    /**
     * Makes a filled item COMPLETE and the key's item: the slot at {@code slotAt} is swung to it,
     * or a new one inserted if there is none, and what it replaces is retired. What is kept of the
     * key elsewhere is void once the item can be found here: a reader finds one or the other.
     */
    void publish(long position, long hash, long slotAt, long expiryMillis, long version, int kind) {
        publishReturned(position, hash, slotAt, expiryMillis, version, kind);
        overflow.changed(hash);
    }

    /** The same for an item that is also kept elsewhere. */
    void publishReturned(
            long position, long hash, long slotAt, long expiryMillis, long version, int kind) {
        snapshot.beforeChange(hash);
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        memory.putLong(
                position + ItemLayout.WORD1_OFFSET,
                ItemLayout.word1(
                        version, ItemLayout.keyLength(word1), kind, ItemLayout.extended(word1)));
        if (segments.isSummed()) {
            ItemSum.finish(
                    memory, position, word0, memory.getLong(position + ItemLayout.WORD1_OFFSET));
        }
        long complete =
                ItemLayout.withExpiry(
                        ItemLayout.withState(word0, ItemLayout.STATE_COMPLETE), expiryMillis);
        memory.putLongRelease(position, complete);
        link(position, hash, slotAt, kind);
        stored(position, kind);
        index.growIfNeeded(hashAt);
    }

    private void link(long position, long hash, long slotAt, int kind) {
        long lives = segments.lives(segments.segmentOf(position));
        int slotKind = kind == ItemLayout.KIND_TOMBSTONE ? Slot.KIND_TOMBSTONE : Slot.KIND_ITEM;
        long slot = Slot.of(hash, slotKind, lives, position);
        if (slotAt != HashIndex.NO_SLOT) {
            long replaced = memory.getLong(slotAt);
            index.swing(slotAt, Slot.withFreq(slot, freqOfSuccessor(replaced)));
            retire(Slot.position(replaced));
        } else if (!index.insert(hash, slot)) {
            // The chain is at its cap, or no memory is left to lengthen it: its coldest makes way.
            long coldest = coldest(hash);
            long victim = Slot.position(memory.getLong(coldest));
            index.swing(coldest, slot);
            long victimHash = hashAt(victim);
            noteRemoved(RemovalCause.CHAIN, victim, victimHash);
            noteEvicted(victim);
            endFillIfInvalidated(victimHash, victim);
            retire(victim);
        }
    }

    /** The coldest of a full chain whose space may be evicted from; of a wholly pinned one any. */
    private long coldest(long hash) {
        long coldest = index.coldest(hash, at -> !spaces.isPinned(spaceAt(at)));
        return coldest == HashIndex.NO_SLOT ? index.coldest(hash, at -> true) : coldest;
    }

    /** An overwrite is a use of the key like a read. */
    private static int freqOfSuccessor(long replaced) {
        return Slot.kind(replaced) == Slot.KIND_TOMBSTONE
                ? 0
                : Math.min(Slot.FREQ_MAX, Slot.freq(replaced) + 1);
    }

    void stored(long position, int kind) {
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, position, word0, word1);
        log.expires(segments.segmentOf(position), ItemLayout.expiryMillis(word0), bytes);
        if (kind == ItemLayout.KIND_TOMBSTONE) {
            died(position, bytes);
        } else if (kind == ItemLayout.KIND_LARGE) {
            large.stored(position, word0, word1, bytes);
        } else {
            account.stored(
                    ItemLayout.expiryMillis(word0), bytes, ItemLayout.payloadBytes(word0, word1));
        }
        SpaceAccount space = spaces.account(spaceAt(position));
        if (space != null && kind != ItemLayout.KIND_TOMBSTONE) {
            space.stored(id, large.chargedBytes(position, word1, bytes));
        }
    }

    /** Charges the item at {@code position}, found by a rebuild, to its space. */
    void recharge(long position) {
        SpaceAccount space = spaces.account(spaceAt(position));
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (space != null && ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE) {
            int bytes = ItemLayout.itemBytes(memory, position, memory.getLong(position), word1);
            space.recharge(large.chargedBytes(position, word1, bytes));
        }
    }

    /** Nothing is covered by a floor any more. */
    void forgetFloors() {
        floors.retire(lastVersion);
        versions.retire(id, lastVersion);
    }

    /** Unlinks the item behind the slot at {@code slotAt} and retires it. */
    void unlink(long hash, long slotAt) {
        long position = Slot.position(memory.getLong(slotAt));
        endFillIfInvalidated(hash, position);
        index.remove(hash, slotAt);
        retire(position);
    }

    /** Points the slot at {@code slotAt} at a whole copy of its item. */
    void move(long source, long target, long hash, long slotAt, int freq) {
        long word0 = memory.getLong(source);
        long word1 = memory.getLong(source + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, source, word0, word1);
        int segment = segments.segmentOf(target);
        int kind = Slot.kind(memory.getLong(slotAt));
        log.expires(segment, ItemLayout.expiryMillis(word0), bytes);
        index.swing(
                slotAt, Slot.withFreq(Slot.of(hash, kind, segments.lives(segment), target), freq));
        markDead(source, word0);
        died(source, bytes);
        account.relocated(bytes);
    }

    /** Marks an item that nothing points at any more DEAD, and counts it so. */
    void retire(long position) {
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, position, word0, word1);
        markDead(position, word0);
        uncount(position, word0, word1, bytes);
        noteHole(position, bytes);
    }

    /** Counts an item as dead that was counted as stored. */
    void uncount(long position, long word0, long word1, int bytes) {
        SpaceAccount space = spaces.account(spaceAt(position));
        if (space != null && ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE) {
            space.retired(id, large.chargedBytes(position, word1, bytes));
        }
        if (ItemLayout.kind(word1) == ItemLayout.KIND_LARGE) {
            large.retired(position, word0, word1, bytes);
            died(position, bytes);
        } else if (ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE) {
            account.retired(
                    ItemLayout.expiryMillis(word0), bytes, ItemLayout.payloadBytes(word0, word1));
            died(position, bytes);
        }
    }

    /** Gives a reservation up: its item becomes DEAD without ever having been seen. */
    void abandon(long position) {
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, position, word0, word1);
        markDead(position, word0);
        died(position, bytes);
        noteHole(position, bytes);
    }

    void markDead(long position, long word0) {
        memory.putLongRelease(position, ItemLayout.withState(word0, ItemLayout.STATE_DEAD));
    }

    void died(long position, int bytes) {
        log.died(segments.segmentOf(position), bytes);
        account.died(bytes);
    }

    private void noteHole(long position, int bytes) {
        if (log.takesItems(segments.segmentOf(position))) {
            holes.note(position, bytes);
        }
    }

    /**
     * Reserves the place of a dead item in {@code stream} for a new one of {@code bytes}, which is
     * published in this same hold of the lock; {@link SegmentLog#NO_SPACE} if none fits.
     */
    long reserveHole(int stream, int bytes, int valueLength, long word1, int extensionBytes) {
        long position = holes.take(stream, bytes);
        if (position == HolePool.NONE) {
            return SegmentLog.NO_SPACE;
        }
        int segment = segments.segmentOf(position);
        int rest = ItemLayout.itemBytes(memory, position, memory.getLong(position)) - bytes;
        raiseForReuse(segment);
        memory.storeFence();
        if (rest > 0) {
            ItemLayout.writeFiller(memory, position + bytes, rest);
            holes.note(position + bytes, rest);
        }
        ItemLayout.writeFiller(memory, position, bytes);
        ItemLayout.writeReserved(memory, position, valueLength, word1, extensionBytes);
        died(position, -bytes);
        return position;
    }

    /**
     * Has an item that is about to be evicted kept elsewhere, if it is wanted there: before it is
     * unlinked, so that a reader who misses it here finds it there.
     */
    void offer(SegmentHand item, long nowMillis) {
        int queue = Stream.queue(segments.stream(item.segment()));
        if (ItemLayout.kind(item.word1) != ItemLayout.KIND_LARGE
                && overflow.wants(queue, item.freq(), item.bytes)) {
            overflow.evicted(
                    item.hash,
                    nextVersion(nowMillis),
                    OverflowedItem.copyOf(memory, item.position, item.bytes));
        }
    }

    /** See {@link ShardedStore#overflowMarks}. */
    long[] overflowMarks() {
        return new long[] {
            floors.highestOfTags(), floors.highestOfPrefixes(), lastVersion,
        };
    }

    /** Takes over such marks; no stamp of the earlier run is given out again. */
    void restoreOverflowMarks(long ofAnyTag, long ofAnyKey, long version) {
        floors.restoreForOverflow(ofAnyTag, ofAnyKey);
        lastVersion = Math.max(lastVersion, version);
    }

    void raiseForReuse(int segment) {
        segments.raiseForReuse(segment);
    }

    /**
     * Counts the coming retirement of a live item as an eviction, or keeps a tombstone's promise.
     */
    void noteEvicted(long position) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE) {
            raiseFillFloor(ItemLayout.version(word1));
        } else if (account.expiry.hasPassed(ItemLayout.expiryMillis(memory.getLong(position)))) {
            account.expirations++;
        } else {
            account.evictions++;
            SpaceAccount space = spaces.account(spaceAt(position));
            if (space != null) {
                space.evicted(id);
            }
        }
    }

    /**
     * Bytes charged for the item behind the slot at {@code slotAt}; 0 if it is a tombstone, or no
     * slot.
     */
    int linkedBytes(long slotAt) {
        if (slotAt == HashIndex.NO_SLOT
                || Slot.kind(memory.getLong(slotAt)) == Slot.KIND_TOMBSTONE) {
            return 0;
        }
        long position = Slot.position(memory.getLong(slotAt));
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, position, memory.getLong(position), word1);
        return large.chargedBytes(position, word1, bytes);
    }

    /**
     * Where a space is over its quota: goes on by some chains and evicts its items on the way, but
     * those that were read since it last came by, and not the one at {@code newest}.
     */
    void evictOver(int space, long newest) {
        SpaceAccount over = spaces.account(space);
        for (int chains = 0; over != null && over.isOver() && chains < OVER_CHAINS; chains++) {
            hand = hand < index.primaryBuckets() ? hand : 0;
            evictFromChain(hand++, space, newest);
        }
    }

    private void evictFromChain(long bucket, int space, long newest) {
        long slotAt = index.nextSlot(bucket, HashIndex.NO_SLOT);
        while (slotAt != HashIndex.NO_SLOT) {
            long slot = memory.getLong(slotAt);
            long following = index.nextSlot(bucket, slotAt);
            long position = Slot.position(slot);
            if (slot != Slot.EMPTY
                    && Slot.kind(slot) != Slot.KIND_TOMBSTONE
                    && position != newest
                    && spaceAt(position) == space) {
                if (Slot.freq(slot) > 0) {
                    memory.compareAndSetLong(slotAt, slot, Slot.withFreq(slot, 0));
                } else {
                    long hash = hashAt(position);
                    noteRemoved(
                            RemovalCause.EVICTED,
                            position,
                            hash,
                            versionOf(position),
                            Fate.Reason.QUOTA,
                            Mutation.NOBODY);
                    noteEvicted(position);
                    unlink(hash, slotAt);
                }
            }
            slotAt = following;
        }
    }

    /** Locking: takes the lock. Items of the tag written so far are dead from now on. */
    void invalidateTag(long tag, int rule, long nowMillis) {
        lock.lock();
        try {
            long version = nextVersion(nowMillis);
            versions.raise(id, rule, version);
            floors.raiseTag(tag, version);
        } finally {
            lock.unlock();
        }
    }

    /** Locking: takes the lock. Items under the prefix written so far are dead from now on. */
    void invalidatePrefix(int space, byte[] prefix, int rule, long nowMillis) {
        lock.lock();
        try {
            long version = nextVersion(nowMillis);
            versions.raise(id, rule, version);
            floors.raisePrefix(space, prefix, version);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the listener told, after unlocking, that the item at {@code position} went, whose key has
     * this hash.
     */
    void noteRemoved(RemovalCause cause, long position, long hash) {
        Fate.Reason reason =
                switch (cause) {
                    case EVICTED -> Fate.Reason.MEMORY;
                    case CHAIN -> Fate.Reason.CHAIN;
                    case CLEARED -> reasonOfClear(position);
                    case EXPIRED, DELETED, OVERWRITTEN -> Fate.Reason.NONE;
                };
        noteRemoved(cause, position, hash, versionOf(position), reason, Mutation.NOBODY);
    }

    /** The same of an item that ends by a write, with the version that the event is to have. */
    void noteRemoved(RemovalCause cause, long position, long version, Mutation by) {
        Fate.Reason reason =
                cause == RemovalCause.CLEARED ? reasonOfClear(position) : Fate.Reason.NONE;
        noteRemoved(cause, position, by.key.hash(), version, reason, by.author);
    }

    private void noteRemoved(
            RemovalCause cause,
            long position,
            long hash,
            long version,
            Fate.Reason reason,
            long author) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE) {
            return;
        }
        if (removals != null) {
            removals.note(hash, kindOf(cause), reason, author);
        }
        if (cause != RemovalCause.OVERWRITTEN && sampler.wants(hash)) {
            sampler.removed(cause, spaceAt(position), hash, keyAt(position));
        }
        if (events.wants(cause)) {
            int space = spaceAt(position);
            byte[] key = keyAt(position).toByteArray();
            events.removed(new Removal(cause, id, space, hash, version, key));
        }
    }

    private static Fate.Kind kindOf(RemovalCause cause) {
        return switch (cause) {
            case EVICTED, CHAIN -> Fate.Kind.EVICTED;
            case EXPIRED -> Fate.Kind.EXPIRED;
            case DELETED -> Fate.Kind.DELETED;
            case OVERWRITTEN -> Fate.Kind.OVERWRITTEN;
            case CLEARED -> Fate.Kind.CLEARED;
        };
    }

    long versionOf(long position) {
        return ItemLayout.version(memory.getLong(position + ItemLayout.WORD1_OFFSET));
    }

    /** What cleared the item at {@code position}, which is not live. */
    Fate.Reason reasonOfClear(long position) {
        ShardFloors.Active active = floors.active();
        if (active == null || !isInvalidated(position)) {
            return Fate.Reason.REGION;
        }
        return active.prefixes.cover(spaceAt(position), keyAt(position), versionOf(position))
                ? Fate.Reason.PREFIX
                : Fate.Reason.TAG;
    }

    /** Locking: takes the lock. See {@link ShardedStore#sweep}. */
    long sweep(long fromBucket, int buckets, Liveness liveness) {
        lock.lock();
        try {
            if (fromBucket == 0) {
                sweepVersion = lastVersion;
            } else if (fromBucket != sweptTo) {
                sweepVersion = TagFloors.NONE;
            }
            long end = Math.min(fromBucket + buckets, index.primaryBuckets());
            for (long bucket = fromBucket; bucket < end; bucket++) {
                sweepChain(bucket, liveness);
            }
            sweptTo = end;
            if (end < index.primaryBuckets()) {
                return end;
            }
            floors.retire(sweepVersion);
            versions.retire(id, sweepVersion);
            return -1;
        } finally {
            events.unlockAndTell();
        }
    }

    /** Locking: takes the lock. See {@link ShardSnapshot#visit}. */
    long visitForSnapshot(long fromBucket, int chains) {
        lock.lock();
        try {
            return snapshot.visit(fromBucket, chains);
        } finally {
            lock.unlock();
        }
    }

    /** Locking: takes the lock. See {@link ShardSnapshot#takeBlock}. */
    SnapshotBlocks.@Nullable Block takeSnapshotBlock() {
        lock.lock();
        try {
            return snapshot.takeBlock();
        } finally {
            lock.unlock();
        }
    }

    private void sweepChain(long bucket, Liveness liveness) {
        long slotAt = index.nextSlot(bucket, HashIndex.NO_SLOT);
        while (slotAt != HashIndex.NO_SLOT) {
            long slot = memory.getLong(slotAt);
            long following = index.nextSlot(bucket, slotAt);
            if (slot != Slot.EMPTY && !isLive(Slot.position(slot), liveness)) {
                long hash = hashAt(Slot.position(slot));
                noteRemoved(RemovalCause.CLEARED, Slot.position(slot), hash);
                unlink(hash, slotAt);
            }
            slotAt = following;
        }
    }
}
