package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks every segment and every chain of a store at rest and holds them against each other and
 * against the accounts: each slot points at a COMPLETE item, each COMPLETE item has exactly one
 * slot, no key has two items, the lengths lead from item to item, no segment is lost or owned
 * twice, and every counter is exact. A rebuild after a crash would find just what the index knows.
 */
final class StoreAudit {
    private record ItemKey(int space, ByteBuffer bytes) {}

    private final StoreFixture fixture;
    private final SegmentTable segments;
    private final Memory memory;
    private final Set<Integer> owned = new HashSet<>();

    // Of the shard under audit.
    private final Set<Long> complete = new HashSet<>();
    private final Set<Long> linked = new HashSet<>();
    private final Map<ItemKey, Long> slotOfKey = new HashMap<>();
    private long items;
    private long itemsExpired;
    private long itemBytes;
    private long payloadBytes;
    private long deadBytes;
    private int chained;

    private StoreAudit(StoreFixture fixture) {
        this.fixture = fixture;
        this.segments = fixture.shards.get(0).segments;
        this.memory = segments.arena();
    }

    /** Fails at the first thing that is not as it should be. Nothing else may run meanwhile. */
    static void check(StoreFixture fixture) {
        StoreAudit audit = new StoreAudit(fixture);
        long indexBytes = 0;
        for (Shard shard : fixture.shards) {
            audit.checkShard(shard, fixture.recyclers.get(shard.id));
            indexBytes += shard.index.bytes();
        }
        audit.checkSegments(indexBytes);
    }

    private void checkShard(Shard shard, SegmentRecycler recycler) {
        complete.clear();
        linked.clear();
        slotOfKey.clear();
        items = itemsExpired = itemBytes = payloadBytes = deadBytes = 0;
        chained = 0;
        require(!shard.lock.isLocked(), "the lock of a store at rest is held");
        List<Integer> log = new ArrayList<>();
        shard.log.forEachSegment(log::add);
        recycler.forEachSegment(log::add);
        log.forEach(this::walk);
        checkChains(shard);
        complete.removeAll(linked);
        require(complete.isEmpty(), "complete items that no slot points at: " + complete);
        checkAccount(shard.account);
    }

    private void checkAccount(ShardAccount account) {
        account.expiry.advance(fixture.now);
        requireEqual("items", account.itemsLinked(), items);
        if (!fixture.expiresFarOff) {
            requireEqual("items not expired", account.items(), items - itemsExpired);
        }
        requireEqual(
                "bytes not dead", account.bytesLive() + account.expiry.expiredBytes(), itemBytes);
        requireEqual(
                "bytes beside payload", account.bytesBesidePayload(), itemBytes - payloadBytes);
        requireEqual("bytes dead", account.bytesDead(), deadBytes);
        requireEqual("segments in chains", account.chainSegments(), chained);
    }

    private void walk(int segment) {
        require(owned.add(segment), "two own segment " + segment);
        long position = segments.start(segment);
        long end = position + segments.tail(segment);
        int reserved = 0;
        int dead = 0;
        while (position < end) {
            long word0 = memory.getLong(position);
            int bytes = ItemLayout.itemBytes(memory, position, word0);
            switch (ItemLayout.state(word0)) {
                case ItemLayout.STATE_RESERVED -> reserved++;
                case ItemLayout.STATE_DEAD, ItemLayout.STATE_FILLER -> dead += bytes;
                case ItemLayout.STATE_COMPLETE -> dead += completeAt(position, word0, bytes);
                default -> throw new AssertionError("no state at " + position + ": " + word0);
            }
            position += bytes;
        }
        requireEqual("end of the items of " + segment, position, end);
        if (segments.tail(segment) < segments.segmentBytes()) {
            requireEqual("word behind the last item of " + segment, memory.getLong(end), 0);
        }
        requireEqual("pending of " + segment, segments.pending(segment), reserved);
        requireEqual("dead bytes of " + segment, segments.deadBytes(segment), dead);
        deadBytes += dead;
    }

    /** Counts a complete item; returns how many of its bytes count as dead. */
    private int completeAt(long position, long word0, int bytes) {
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        complete.add(position);
        if (ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE) {
            return bytes;
        }
        items++;
        // As statistics see it: to the second.
        itemsExpired += ItemLayout.expiryMillis(word0) <= fixture.now / 1000 * 1000 ? 1 : 0;
        itemBytes += bytes;
        payloadBytes += ItemLayout.payloadBytes(word0, word1);
        if (ItemLayout.kind(word1) == ItemLayout.KIND_LARGE) {
            walkChain(position, word0, word1);
        }
        return 0;
    }

    private void walkChain(long position, long word0, long word1) {
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        int length = ItemLayout.largeLength(memory, position, extensionBytes);
        long chain = ItemLayout.largeChain(memory, position, extensionBytes);
        requireEqual(
                "tail of a value of " + length,
                ItemLayout.valueLength(word0),
                LargeShape.tailBytes(length, segments.segmentBytes()));
        int count = 0;
        for (int segment = ChainTable.first(chain);
                segment != ChainTable.NONE;
                segment = segments.chains().after(segment)) {
            require(owned.add(segment), "two own segment " + segment);
            count++;
        }
        requireEqual(
                "segments of a chain",
                count * segments.segmentBytes(),
                segments.chainBytes(length));
        require(segments.chains().pin(chain), "the chain of a linked item is gone");
        segments.chains().unpin(chain);
        requireEqual("pins of a chain at rest", segments.chains().pins(ChainTable.first(chain)), 1);
        chained += count;
        itemBytes += segments.chainBytes(length);
        payloadBytes += length - ItemLayout.valueLength(word0);
    }

    private void checkChains(Shard shard) {
        HashIndex index = shard.index;
        for (long bucket = 0; bucket < index.primaryBuckets(); bucket++) {
            long slotAt = index.nextSlot(bucket, HashIndex.NO_SLOT);
            while (slotAt != HashIndex.NO_SLOT) {
                long slot = memory.getLong(slotAt);
                if (slot != Slot.EMPTY) {
                    checkSlot(shard, bucket, slotAt, slot);
                }
                slotAt = index.nextSlot(bucket, slotAt);
            }
        }
    }

    private void checkSlot(Shard shard, long bucket, long slotAt, long slot) {
        long position = Slot.position(slot);
        if (!complete.contains(position) || !linked.add(position)) {
            throw new AssertionError(
                    slotAt + " points at " + position + ": no item there, or one pointed at");
        }
        long hash = shard.hashAt(position);
        if (HashIndex.bucketOf(hash, shard.index.geometryAcquire()) != bucket) {
            throw new AssertionError(position + " is not in its bucket but in " + bucket);
        }
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        boolean tombstone = ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE;
        long wanted =
                Slot.of(
                        hash,
                        tombstone ? Slot.KIND_TOMBSTONE : Slot.KIND_ITEM,
                        segments.lives(segments.segmentOf(position)),
                        position);
        requireEqual("slot", Slot.withFreq(slot, 0), wanted);
        ItemKey key =
                new ItemKey(
                        shard.spaceAt(position),
                        ByteBuffer.wrap(shard.keyAt(position).toByteArray()));
        if (slotOfKey.put(key, slotAt) != null) {
            throw new AssertionError("one key in two slots, " + slotAt + " and another");
        }
    }

    private void checkSegments(long indexBytes) {
        int segmentBytes = segments.segmentBytes();
        int ofIndex = Math.toIntExact((indexBytes + segmentBytes - 1) / segmentBytes);
        requireEqual(
                "segments free, withheld, in logs and chains " + owned + " and of the index",
                segments.free() + segments.budget().withheld() + owned.size() + ofIndex,
                segments.segments());
    }

    /** Whether all of a segment that was just freed is DEAD: a rebuild would bring nothing back. */
    static void checkFreed(SegmentTable segments, int segment) {
        Memory memory = segments.arena();
        long position = segments.start(segment);
        long end = position + segments.tail(segment);
        while (position < end) {
            long word0 = memory.getLong(position);
            if (ItemLayout.state(word0) != ItemLayout.STATE_DEAD
                    && ItemLayout.state(word0) != ItemLayout.STATE_FILLER) {
                throw new AssertionError("not DEAD in a freed segment: " + position);
            }
            position += ItemLayout.itemBytes(memory, position, word0);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static void requireEqual(String what, long found, long wanted) {
        if (found != wanted) {
            throw new AssertionError(what + ": " + found + " instead of " + wanted);
        }
    }
}
