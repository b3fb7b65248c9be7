package io.larder.server.tier;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one shard has on disk or on its way there: for each key a word, by its hash, that names the
 * eviction whose bytes count. Written under the shard's lock, read by any thread without it.
 */
/*
 *   bucket, 8 words          63        49   48   47                0
 *   +----+----+ ... +----+   +-----------+------+------------------+
 *   |    |    |     |    |   | tag 15    | read | stamp 48         |   0: empty
 *   +----+----+ ... +----+   +-----------+------+------------------+
 *
 * A key's word is in the bucket of its hash and has the tag of its hash. Two keys of one bucket and
 * tag share a word: the later one has it, and what was kept for the other cannot be found any more.
 * A bucket that is full gives up its word of the lowest stamp, the one evicted first. In a cache
 * both are evictions. Neither makes a word name what it should not: a stamp names the bytes of one
 * eviction, and those carry their key.
 *
 * So a lookup of a key that is not here finds another's word in one of 4,096 cases where buckets are
 * full, and costs a disk read then.
 *
 * `changes` is raised before a word is put in or taken out. A reader that finds it unchanged around
 * its looks knows that no word has moved between them (see RocksOverflowTier).
 */
final class Directory {
    static final int WORD_BYTES = 8;
    private static final int BUCKET_WORDS = 8;
    private static final int STAMP_BITS = 48;
    private static final long STAMP_MASK = (1L << STAMP_BITS) - 1;
    private static final long READ = 1L << STAMP_BITS;
    private static final int TAG_SHIFT = STAMP_BITS + 1;
    private static final int NOT_THERE = -1;

    private final AtomicLongArray words;
    private final int bucketMask;
    private final AtomicLong changes = new AtomicLong(); // written under the shard's lock
    private final AtomicLong items = new AtomicLong(); // written under the shard's lock

    /** A directory of at least one bucket, in at most {@code bytes}. */
    Directory(long bytes) {
        long buckets = Math.max(1, bytes / (BUCKET_WORDS * WORD_BYTES));
        int count = (int) Math.min(1 << 24, Long.highestOneBit(buckets));
        this.bucketMask = count - 1;
        this.words = new AtomicLongArray(count * BUCKET_WORDS);
    }

    /** The stamp of a hash; 0, which is none, if nothing is named. Any thread. */
    long stamp(long hash) {
        return wordOf(hash) & STAMP_MASK;
    }

    /** Whether what is kept for a hash was read before. Any thread. */
    boolean wasRead(long hash) {
        return (wordOf(hash) & READ) != 0;
    }

    /** Each word is looked at once: what is there may be another one at the next look. */
    private long wordOf(long hash) {
        int start = bucketOf(hash);
        long tag = tagOf(hash);
        for (int at = start; at < start + BUCKET_WORDS; at++) {
            long word = words.get(at);
            if (word != 0 && tag(word) == tag) {
                return word;
            }
        }
        return 0;
    }

    /** See the note. Any thread. */
    long changes() {
        return changes.get();
    }

    /** Words in use. Any thread. */
    long items() {
        return items.get();
    }

    private int find(long hash) {
        int start = bucketOf(hash);
        long tag = tagOf(hash);
        for (int at = start; at < start + BUCKET_WORDS; at++) {
            long word = words.get(at);
            if (word != 0 && tag(word) == tag) {
                return at;
            }
        }
        return NOT_THERE;
    }

    private int bucketOf(long hash) {
        return ((int) hash & bucketMask) * BUCKET_WORDS;
    }

    private static long tagOf(long hash) {
        return hash >>> 32 & 0x7FFF;
    }

    private static long tag(long word) {
        return word >>> TAG_SHIFT;
    }

    /** Has a hash name a stamp. Under the shard's lock. */
    void put(long hash, long stamp) {
        int at = place(hash);
        noteChange(words.get(at) == 0 ? 1 : 0);
        words.set(at, tagOf(hash) << TAG_SHIFT | stamp);
    }

    private void noteChange(long itemsMore) {
        changes.lazySet(changes.get() + 1);
        items.lazySet(items.get() + itemsMore);
    }

    /** Where a hash's word is or goes: an empty place, or that of the oldest. */
    private int place(long hash) {
        int at = find(hash);
        if (at != NOT_THERE) {
            return at;
        }
        int start = bucketOf(hash);
        int oldest = start;
        for (int each = start; each < start + BUCKET_WORDS; each++) {
            if (words.get(each) == 0) {
                return each;
            }
            if ((words.get(each) & STAMP_MASK) < (words.get(oldest) & STAMP_MASK)) {
                oldest = each;
            }
        }
        return oldest;
    }

    /** Has a hash name nothing; says whether it did. Under the shard's lock. */
    boolean remove(long hash) {
        int at = find(hash);
        if (at == NOT_THERE) {
            return false;
        }
        noteChange(-1);
        words.set(at, 0);
        return true;
    }

    /** Notes that what is kept under this stamp was read. Under the shard's lock. */
    void markRead(long hash, long stamp) {
        int at = find(hash);
        if (at != NOT_THERE && (words.get(at) & STAMP_MASK) == stamp) {
            words.set(at, words.get(at) | READ);
        }
    }

    /** Forgets all. Under the shard's lock. */
    void clear() {
        noteChange(-items.get());
        for (int at = 0; at < words.length(); at++) {
            words.set(at, 0);
        }
    }

    /** How many words there are room for. */
    int capacity() {
        return words.length();
    }

    /** A word, by its place: to be kept while the store is at rest. */
    long word(int at) {
        return words.get(at);
    }

    /** Sets a word by its place, before the first operation. */
    void restore(int at, long word) {
        words.set(at, word);
        items.lazySet(items.get() + (word == 0 ? 0 : 1));
    }
}
