package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.store.Fate.Kind;
import io.larder.server.store.Fate.Reason;
import org.jspecify.annotations.Nullable;

/** Says what became of a key of one shard, from the index and from what was noted. */
final class ShardFates {
    private final Shard shard;
    private final Memory memory;
    private final Clock clock;

    ShardFates(Shard shard, Clock clock) {
        this.shard = shard;
        this.memory = shard.memory;
        this.clock = clock;
    }

    /** Locking: takes the shard's lock. See {@link ShardedStore#fate}. */
    Fate of(Key key, Liveness liveness) {
        shard.lock.lock();
        try {
            ShardRemovals removals = shard.removals;
            long slotAt = shard.index.find(key);
            boolean isTombstone =
                    slotAt != HashIndex.NO_SLOT
                            && Slot.kind(memory.getLong(slotAt)) == Slot.KIND_TOMBSTONE;
            if (slotAt != HashIndex.NO_SLOT && !isTombstone) {
                return ofItem(key.hash(), Slot.position(memory.getLong(slotAt)), liveness);
            }
            Fate noted = removals == null ? null : removals.ofAbsent(key.hash());
            if (noted != null) {
                return noted;
            }
            if (isTombstone) {
                return Fate.of(Kind.DELETED);
            }
            boolean isCertain = removals != null && removals.isWhole();
            return Fate.of(isCertain ? Kind.NEVER_SET : Kind.NOT_RECORDED);
        } finally {
            shard.lock.unlock();
        }
    }

    /** Locking: takes the shard's lock. See {@link ShardedStore#named}. */
    @Nullable NamedKey named(long hash, Liveness liveness) {
        shard.lock.lock();
        try {
            long slotAt = shard.index.locate(hash, position -> shard.hashAt(position) == hash);
            if (!shard.present(slotAt, clock.nowMillis())) {
                return null;
            }
            long position = Slot.position(memory.getLong(slotAt));
            return shard.isLive(position, liveness)
                    ? new NamedKey(shard.spaceAt(position), shard.keyAt(position).toByteArray())
                    : null;
        } finally {
            shard.lock.unlock();
        }
    }

    private Fate ofItem(long hash, long position, Liveness liveness) {
        long expiryMillis = ItemLayout.expiryMillis(memory.getLong(position));
        if (!shard.isLive(position, liveness)) {
            Reason reason = shard.reasonOfClear(position);
            return new Fate(Kind.CLEARED, Fate.UNKNOWN, Mutation.NOBODY, reason, 0);
        }
        if (expiryMillis <= clock.nowMillis()) {
            return new Fate(Kind.EXPIRED, expiryMillis, Mutation.NOBODY, Reason.NONE, 0);
        }
        ShardRemovals removals = shard.removals;
        return removals == null ? Fate.of(Kind.LIVE) : removals.ofPresent(hash);
    }
}
