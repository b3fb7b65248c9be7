package io.larder.server.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One space's settings and what it holds: a line of figures per shard, written under that shard's
 * lock and added up when asked for, and, only where there is a quota, one sum that all its writes
 * share. For any thread.
 */
/*
 * The quota. A write charges its item's bytes before it takes room and gives them back if it is not
 * done; an item that is retired gives back its own. So the sum is that of all linked items and of
 * those on their way. Where items are pinned, a write is charged only if the sum stays within the
 * quota, what it replaces taken off: by CAS, so two writes cannot both take what is left.
 * Elsewhere it is charged up to a bound above the quota, and what is over is evicted.
 */
final class SpaceAccount {
    /** An over-quota space's writes are refused when it is over by an eighth, and this. */
    private static final long OVERSHOOT_BYTES_MIN = 256 << 10;

    private static final int ITEMS = 0;
    private static final int BYTES = 1;
    private static final int WRITES = 2;
    private static final int EVICTIONS = 3;

    /** Longs per shard: two lines of 64 bytes. */
    private static final int STRIDE = 16;

    volatile SpaceSettings settings; // written under the monitor of Spaces
    private final AtomicLongArray lines;
    private final AtomicLong charged = new AtomicLong();
    private final long chargedMax;

    SpaceAccount(SpaceSettings settings, int shards) {
        this.settings = settings;
        this.lines = new AtomicLongArray(shards * STRIDE);
        long quota = settings.quotaBytes();
        this.chargedMax =
                settings.pinned() ? quota : quota + Math.max(quota / 8, OVERSHOOT_BYTES_MIN);
    }

    private boolean hasQuota() {
        return settings.quotaBytes() > 0;
    }

    /** Charges an item of {@code bytes} in place of one of {@code replacedBytes}, if it may be. */
    boolean charge(long bytes, long replacedBytes) {
        if (!hasQuota()) {
            return true;
        }
        long before = charged.get();
        while (before + bytes - replacedBytes <= chargedMax) {
            if (charged.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = charged.get();
        }
        return false;
    }

    /** Charges an item that was found, whether there is room for it or not. */
    void recharge(long bytes) {
        giveBack(-bytes);
    }

    /** What was charged for is not stored. */
    void giveBack(long bytes) {
        if (hasQuota()) {
            charged.addAndGet(-bytes);
        }
    }

    /** Whether items of this space are to make room for its own. */
    boolean isOver() {
        return hasQuota() && !settings.pinned() && charged.get() > settings.quotaBytes();
    }

    /** Under the shard's lock: an item that was charged is linked. */
    void stored(int shard, long bytes) {
        add(shard, ITEMS, 1);
        add(shard, BYTES, bytes);
        add(shard, WRITES, 1);
    }

    /** Under the shard's lock: a linked item is not any more. */
    void retired(int shard, long bytes) {
        add(shard, ITEMS, -1);
        add(shard, BYTES, -bytes);
        giveBack(bytes);
    }

    /** Under the shard's lock. */
    void evicted(int shard) {
        add(shard, EVICTIONS, 1);
    }

    private void add(int shard, int figure, long delta) {
        int at = shard * STRIDE + figure;
        lines.lazySet(at, lines.getPlain(at) + delta);
    }

    SpaceStats stats() {
        return new SpaceStats(sum(ITEMS), sum(BYTES), sum(WRITES), sum(EVICTIONS));
    }

    private long sum(int figure) {
        long sum = 0;
        for (int at = figure; at < lines.length(); at += STRIDE) {
            sum += lines.get(at);
        }
        return sum;
    }
}
