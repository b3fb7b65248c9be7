package io.larder.server.store;

import org.agrona.collections.Long2LongHashMap;

/**
 * Counts a shard's items and bytes that have passed their expiry without having been touched since,
 * so that statistics tell live from expired without looking at any item. Under the shard's lock.
 *
 * <p>Seconds are counted one by one for the present window of 4,096 and the next one; an expiry
 * further off is counted by window and, unless the item goes before, is seen as expired only when
 * its window ends.
 */
final class ExpiryLedger {
    private static final int WINDOW_SHIFT = 12;
    private static final int RING_SECONDS = 2 << WINDOW_SHIFT;
    private static final long NONE = 0;
    private static final int[] NO_ITEMS = new int[0];
    private static final long[] NO_BYTES = new long[0];

    /**
     * Per second of the present and the next window; both packed as items and bytes side by side.
     */
    private int[] items = NO_ITEMS;

    private long[] bytes = NO_BYTES;
    private final Long2LongHashMap farItems = new Long2LongHashMap(NONE);
    private final Long2LongHashMap farBytes = new Long2LongHashMap(NONE);
    private long passedSecond;
    private long expiredItems;
    private long expiredBytes;

    ExpiryLedger(long nowMillis) {
        passedSecond = nowMillis / 1000;
    }

    /** An item was stored. */
    void add(long expiryMillis, int itemBytes) {
        if (expiryMillis != Mutation.NEVER) {
            count(secondOf(expiryMillis), 1, itemBytes);
        }
    }

    /** An item was retired, or is about to get another expiry. */
    void remove(long expiryMillis, int itemBytes) {
        if (expiryMillis != Mutation.NEVER) {
            count(secondOf(expiryMillis), -1, -itemBytes);
        }
    }

    private void count(long second, int itemDelta, long byteDelta) {
        if (items.length == 0) {
            items = new int[RING_SECONDS];
            bytes = new long[RING_SECONDS];
        }
        int slot = (int) second & RING_SECONDS - 1;
        if (second <= passedSecond) {
            expiredItems += itemDelta;
            expiredBytes += byteDelta;
        } else if (second >>> WINDOW_SHIFT <= (passedSecond >>> WINDOW_SHIFT) + 1
                && (itemDelta > 0 || items[slot] > 0)) {
            items[slot] += itemDelta;
            bytes[slot] += byteDelta;
        } else {
            long window = second >>> WINDOW_SHIFT;
            add(farItems, window, itemDelta);
            add(farBytes, window, byteDelta);
        }
    }

    /** The map refuses to hold the value it returns for what is missing. */
    private static void add(Long2LongHashMap counts, long window, long delta) {
        long sum = counts.get(window) + delta;
        if (sum == NONE) {
            counts.remove(window);
        } else {
            counts.put(window, sum);
        }
    }

    /** Moves what has expired by {@code nowMillis} over. */
    void advance(long nowMillis) {
        long now = nowMillis / 1000;
        if (items.length == 0) {
            passedSecond = Math.max(passedSecond, now);
            return;
        }
        while (passedSecond < now) {
            passedSecond++;
            int slot = (int) passedSecond & RING_SECONDS - 1;
            expire(items[slot], bytes[slot]);
            items[slot] = 0;
            bytes[slot] = 0;
            if ((passedSecond & (1 << WINDOW_SHIFT) - 1) == 0 && !farItems.isEmpty()) {
                long ended = (passedSecond >>> WINDOW_SHIFT) - 1;
                expire(farItems.remove(ended), farBytes.remove(ended));
            }
        }
    }

    private void expire(long itemDelta, long byteDelta) {
        expiredItems += itemDelta;
        expiredBytes += byteDelta;
    }

    /** Whether an expiry has passed, to the second. */
    boolean hasPassed(long expiryMillis) {
        return secondOf(expiryMillis) <= passedSecond;
    }

    long expiredItems() {
        return Math.max(0, expiredItems);
    }

    long expiredBytes() {
        return Math.max(0, expiredBytes);
    }

    private static long secondOf(long expiryMillis) {
        return (expiryMillis + 999) / 1000;
    }
}
