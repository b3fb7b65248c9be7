package io.larder.server.store;

import io.larder.server.store.Fate.Kind;
import io.larder.server.store.Fate.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last so many removals of one shard, by the hashes of their keys. Guarded by the shard's lock.
 * It starts small and doubles up to its capacity; from then on a new entry replaces the oldest.
 */
/*
 *      0      8          16                                 24       32
 *     +------+----------+----------------------------------+--------+
 *     | hash | sequence | time 40 | kind 4 | reason 4 | 16 | author |
 *     +------+----------+----------------------------------+--------+
 *
 * The 16 bits are the free segments at that moment. A key is known by its 64-bit keyed hash: of a
 * million entries, one in 2^44 look-ups finds a wrong one.
 */
final class RemovalRing {
    private static final int WORDS = 4;
    private static final int ENTRIES_FIRST = 64;
    private static final int DETAIL_MAX = 0xFFFF;
    private static final Kind[] KINDS = Kind.values();
    private static final Reason[] REASONS = Reason.values();

    private final int capacity;
    private long[] words = new long[0];
    private long count; // of all entries there ever were

    /**
     * @param capacity entries, at least 1
     */
    RemovalRing(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Notes a removal. Allocates only while it grows.
     *
     * @param sequence its place among all removals of the shard
     */
    @SuppressWarnings("EnumOrdinal") // in memory only, read by the program that wrote it
    void add(
            long hash,
            long sequence,
            Kind kind,
            Reason reason,
            long atMillis,
            int segmentsFree,
            long author) {
        if (count * WORDS == words.length && words.length < capacity * WORDS) {
            int entries = (int) Math.min(capacity, Math.max(ENTRIES_FIRST, 2 * count));
            words = Arrays.copyOf(words, entries * WORDS);
        }
        int at = (int) (count++ % capacity) * WORDS;
        words[at] = hash;
        words[at + 1] = sequence;
        words[at + 2] =
                atMillis << 24
                        | (long) kind.ordinal() << 20
                        | (long) reason.ordinal() << 16
                        | Math.min(DETAIL_MAX, segmentsFree);
        words[at + 3] = author;
    }

    /** An entry. */
    record Entry(long sequence, Fate fate) {}

    /** The last removal of a key with this hash; null if none is here. */
    @Nullable Entry last(long hash) {
        for (long entry = count - 1; entry >= Math.max(0, count - capacity); entry--) {
            int at = (int) (entry % capacity) * WORDS;
            if (words[at] == hash) {
                long detail = words[at + 2];
                return new Entry(
                        words[at + 1],
                        new Fate(
                                KINDS[(int) (detail >>> 20) & 15],
                                detail >>> 24,
                                words[at + 3],
                                REASONS[(int) (detail >>> 16) & 15],
                                (int) detail & DETAIL_MAX));
            }
        }
        return null;
    }

    /** Whether every removal there was is still here. */
    boolean isWhole() {
        return count <= capacity;
    }
}
