package io.larder.server.policy;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * A cache of hashes without values, under an {@link S3FifoPolicy}, item by item: what a store would
 * hold, in some twenty bytes an item. For one thread at a time; nothing is allocated after
 * construction.
 */
final class MiniCache {
    private static final int ITEMS_MAX = Short.MAX_VALUE;
    private static final int NONE = -1;
    private static final int FREQ_MAX = 3;

    /** The size of an entry that was removed, and is in its queue still. */
    private static final int GONE = -1;

    /** With more of them than one in so many entries, all are passed over to free them. */
    private static final int GONE_PART = 8;

    private final S3FifoPolicy policy;
    private final short[] buckets;
    private final short[] chain; // the next entry of the bucket, or of the free list
    private final short[] next; // the next entry of the queue
    private final long[] hashes;
    private final int[] sizes;
    private final byte[] freqs;
    private final byte[] queues;
    private final int[] oldest = {NONE, NONE};
    private final int[] youngest = {NONE, NONE};
    private final long[] queueBytes = {0, 0};
    private long capacityBytes;
    private int free;
    private int count;
    private int gone;

    /**
     * @param itemsMax the most items, whatever their bytes; at most {@value #ITEMS_MAX}
     * @param capacityBytes the most bytes
     */
    MiniCache(S3FifoPolicy policy, int itemsMax, long capacityBytes) {
        if (itemsMax < 1 || itemsMax > ITEMS_MAX) {
            throw new IllegalArgumentException(
                    "itemsMax: " + itemsMax + " (expected: 1.." + ITEMS_MAX + ")");
        }
        this.policy = policy;
        this.capacityBytes = capacityBytes;
        this.buckets = new short[Integer.highestOneBit(itemsMax)];
        this.chain = new short[itemsMax];
        this.next = new short[itemsMax];
        this.hashes = new long[itemsMax];
        this.sizes = new int[itemsMax];
        this.freqs = new byte[itemsMax];
        this.queues = new byte[itemsMax];
        Arrays.fill(buckets, (short) NONE);
        for (int entry = 0; entry < itemsMax; entry++) {
            chain[entry] = (short) (entry + 1 == itemsMax ? NONE : entry + 1);
        }
    }

    /** Reads a key, and stores it if it is absent; says whether it was present. */
    boolean access(long hash, int itemBytes) {
        if (read(hash)) {
            return true;
        }
        put(hash, itemBytes);
        return false;
    }

    /** Reads a key; says whether it was present. */
    boolean read(long hash) {
        int entry = find(hash);
        if (entry == NONE) {
            return false;
        }
        freqs[entry] = (byte) Math.min(FREQ_MAX, freqs[entry] + 1);
        return true;
    }

    /** Stores a key that is absent, unless it is larger than the cache. */
    void put(long hash, int itemBytes) {
        if (itemBytes > capacityBytes) {
            return;
        }
        makeRoom(itemBytes);
        insert(hash, itemBytes);
    }

    /**
     * Writes a present key anew, as a store does: where new items of its queue go, and it is a use
     * like a read.
     */
    void overwrite(long hash, int itemBytes) {
        int entry = find(hash);
        int queue = queues[entry];
        int freq = Math.min(FREQ_MAX, freqs[entry] + 1);
        remove(hash);
        if (itemBytes > capacityBytes) {
            return;
        }
        makeRoom(itemBytes);
        int written = enter(hash, itemBytes);
        freqs[written] = (byte) freq;
        append(queue, written);
    }

    /** Whether a key is present. */
    boolean holds(long hash) {
        return find(hash) != NONE;
    }

    /** Drops a key if it is present; its place in the queue goes when its turn comes. */
    void remove(long hash) {
        int entry = find(hash);
        if (entry == NONE) {
            return;
        }
        unchain(entry);
        queueBytes[queues[entry]] -= sizes[entry];
        sizes[entry] = GONE;
        freqs[entry] = 0;
        count--;
        gone++;
    }

    private void makeRoom(int itemBytes) {
        while (count > 0 && bytes() + itemBytes > capacityBytes) {
            evict();
        }
        if (free == NONE && gone > sizes.length / GONE_PART) {
            capacity(capacityBytes, hash -> true);
        }
        while (free == NONE && count > 0) {
            evict();
        }
    }

    /** Frees what was removed while it is the oldest of its queue. */
    private void passGone(int queue) {
        while (oldest[queue] != NONE && sizes[oldest[queue]] == GONE) {
            passOne(queue);
        }
    }

    private void passOne(int queue) {
        int entry = detach(queue);
        release(entry);
        gone--;
    }

    private int detach(int queue) {
        int entry = oldest[queue];
        oldest[queue] = next[entry];
        if (oldest[queue] == NONE) {
            youngest[queue] = NONE;
        }
        return entry;
    }

    private void release(int entry) {
        chain[entry] = (short) free;
        free = entry;
    }

    /** Changes the capacity, and drops the items of which {@code retained} says no. */
    void capacity(long bytes, LongPredicate retained) {
        capacityBytes = bytes;
        for (int queue = S3FifoPolicy.SMALL; queue <= S3FifoPolicy.MAIN; queue++) {
            int last = youngest[queue];
            int entry = NONE;
            while (entry != last) {
                entry = oldest[queue];
                if (sizes[entry] == GONE) {
                    passOne(queue);
                } else if (retained.test(hashes[entry])) {
                    take(queue);
                    append(queue, entry);
                } else {
                    removeOldest(queue);
                }
            }
        }
    }

    private int find(long hash) {
        int entry = buckets[bucketOf(hash)];
        while (entry != NONE && hashes[entry] != hash) {
            entry = chain[entry];
        }
        return entry;
    }

    private void insert(long hash, int itemBytes) {
        int entry = enter(hash, itemBytes);
        append(policy.admit(hash, itemBytes), entry);
    }

    private int enter(long hash, int itemBytes) {
        int entry = free;
        free = chain[entry];
        int bucket = bucketOf(hash);
        chain[entry] = buckets[bucket];
        buckets[bucket] = (short) entry;
        hashes[entry] = hash;
        sizes[entry] = itemBytes;
        freqs[entry] = 0;
        count++;
        return entry;
    }

    private void evict() {
        passGone(S3FifoPolicy.SMALL);
        passGone(S3FifoPolicy.MAIN);
        if (count == 0) {
            return;
        }
        int queue = policy.source(queueBytes[S3FifoPolicy.SMALL], queueBytes[S3FifoPolicy.MAIN]);
        int victim = NONE;
        if (policy.duels(queue)) {
            victim = mainVictim();
        }
        int entry = oldest[queue];
        int verdict =
                policy.judge(
                        queue,
                        hashes[entry],
                        freqs[entry],
                        sizes[entry],
                        victim == NONE ? 0 : hashes[victim]);
        if (verdict == S3FifoPolicy.EVICT) {
            removeOldest(queue);
            return;
        }
        take(queue);
        freqs[entry] = (byte) policy.freqAfter(queue, freqs[entry]);
        if (verdict == S3FifoPolicy.KEEP_FOR_VICTIM) {
            removeOldest(S3FifoPolicy.MAIN);
        }
        append(S3FifoPolicy.MAIN, entry);
    }

    /** Lets MAIN's oldest go round until the oldest has not been read since it last did. */
    private int mainVictim() {
        int entry = oldest[S3FifoPolicy.MAIN];
        while (freqs[entry] > 0) {
            take(S3FifoPolicy.MAIN);
            freqs[entry] = (byte) policy.freqAfter(S3FifoPolicy.MAIN, freqs[entry]);
            append(S3FifoPolicy.MAIN, entry);
            passGone(S3FifoPolicy.MAIN);
            entry = oldest[S3FifoPolicy.MAIN];
        }
        return entry;
    }

    /** Takes the oldest entry out of a queue and out of the cache. */
    private void removeOldest(int queue) {
        int entry = take(queue);
        unchain(entry);
        release(entry);
        count--;
    }

    private void unchain(int entry) {
        int bucket = bucketOf(hashes[entry]);
        int before = buckets[bucket];
        if (before == entry) {
            buckets[bucket] = chain[entry];
        } else {
            while (chain[before] != entry) {
                before = chain[before];
            }
            chain[before] = chain[entry];
        }
    }

    private int take(int queue) {
        int entry = detach(queue);
        queueBytes[queue] -= sizes[entry];
        return entry;
    }

    private void append(int queue, int entry) {
        next[entry] = (short) NONE;
        queues[entry] = (byte) queue;
        if (youngest[queue] == NONE) {
            oldest[queue] = entry;
        } else {
            next[youngest[queue]] = (short) entry;
        }
        youngest[queue] = entry;
        queueBytes[queue] += sizes[entry];
    }

    private int bucketOf(long hash) {
        return (int) (hash >>> 20) & buckets.length - 1;
    }

    /** How many items of MAIN here are in neither queue of {@code other}. */
    int provenMissingFrom(MiniCache other) {
        int missing = 0;
        for (int entry = oldest[S3FifoPolicy.MAIN]; entry != NONE; entry = next[entry]) {
            if (sizes[entry] != GONE && other.find(hashes[entry]) == NONE) {
                missing++;
            }
        }
        return missing;
    }

    /** Whether items of the usual size no longer fit without an eviction. */
    boolean isFull() {
        return bytes() > capacityBytes - capacityBytes / 8;
    }

    private long bytes() {
        return queueBytes[S3FifoPolicy.SMALL] + queueBytes[S3FifoPolicy.MAIN];
    }

    /** How many items there are. */
    int count() {
        return count;
    }

    /** Bytes on the heap. */
    long memoryBytes() {
        long links = (long) (buckets.length + chain.length + next.length) * Short.BYTES;
        return links + hashes.length * (Long.BYTES + Integer.BYTES + 2L);
    }
}
