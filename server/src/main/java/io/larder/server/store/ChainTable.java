package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * The chains of whole segments that hold the values too large for an item, and who keeps each of
 * them from being freed. For any thread, as each method says.
 */
class ChainTable {
    /*
     * Two words per segment. A chain is known by its first segment and that segment's generation;
     * only the first one's word counts.
     *
     *   63                         24 23         0     63                                    0
     *  +-----------------------------+------------+   +---------------------------------------+
     *  | generation 40               | pins 24    |   | segment after this one + 1; 0: none   |
     *  +-----------------------------+------------+   +---------------------------------------+
     *
     * The life of a chain:
     *
     *   upload    take segments from the pool, store fence, write bytes and links; nobody else can
     *             find them: no item names them, and their pins are 0
     *   own       store (generation, 1): the pin of the item to come
     *   publish   the head item, with (first, generation) in it, is linked under the shard's lock
     *   pin       CAS (generation, n > 0) -> (generation, n + 1); any other word: the chain is gone
     *   unpin     CAS (generation, n) -> (generation, n - 1), but from 1 to (generation + 1, 0):
     *             whoever does that owns the segments again and gives them back
     *
     * The owner's pin goes with the item's link: whoever retires the head drops it, under the
     * shard's lock, once, since an item is retired once. Who moves the head (Shard.move) takes it
     * along: the source is marked dead without being retired. So while the head is linked pins are
     * at least 1.
     *
     * Why a pin keeps the bytes. Freeing is one CAS of the same word. A pin's CAS comes before it,
     * and then it finds pins above 1 and does not free; or after it, and finds another generation.
     * There is no moment at which the chain is free and a pin with its generation succeeds. So what
     * a reader that has pinned reads is what was written before the publication it read (release;
     * its look at the slot acquires), and the links are as stable as the bytes: they are followed
     * after the pin. Its unpin is a CAS too, so its loads are done before whoever brings pins to 0
     * gives a segment away, and so before another upload writes into it.
     *
     * Why not count first and look afterwards. A count raised on a chain that is already gone
     * brings pins from 0 to 1 in a word that may by then be nobody's or another chain's; taking it
     * back would free that chain a second time, and a new owner's store would wipe the count out.
     *
     * A pin is by (first, generation), so a stale one fails forever: the generation is raised once
     * in each life of a chain, and 40 bits of it outlast any reader. The segment's own generation
     * (SegmentTable) is not touched: a segment enters a chain from the pool, and so after the raise
     * that ended its last life in a log; the store fence in take() makes a late reader of that life
     * who sees any byte of the chain see the raise too (ShardReader, step 5).
     */
    static final int NONE = -1;
    static final int FIRST_BITS = 24;
    static final int GENERATION_BITS = 40;

    private static final int PIN_BITS = 24;
    private static final long PINS_MASK = (1L << PIN_BITS) - 1;
    private static final long GENERATION_MASK = (1L << GENERATION_BITS) - 1;
    private static final int WORDS = 2;

    private final SegmentTable segments;
    private final Memory words;

    /**
     * @param isFresh whether the words hold nothing; else a rebuild will make of them what it can
     */
    ChainTable(SegmentTable segments, Memory words, boolean isFresh) {
        if (segments.segments() > 1 << FIRST_BITS) {
            throw new IllegalArgumentException(
                    "segments: "
                            + segments.segments()
                            + " (expected: <= "
                            + (1 << FIRST_BITS)
                            + ")");
        }
        this.segments = segments;
        this.words = words;
        if (isFresh) {
            words.zero(0, bytes(segments.segments()));
        }
    }

    /** Bytes of the words for so many segments. */
    static long bytes(int segments) {
        return (long) segments * WORDS * Memory.WORD_BYTES;
    }

    /** What a head item says of its chain. */
    static long name(int first, long generation) {
        return (long) first << GENERATION_BITS | generation;
    }

    static int first(long name) {
        return (int) (name >>> GENERATION_BITS);
    }

    static long generation(long name) {
        return name & GENERATION_MASK;
    }

    /** A free segment for a chain, after {@code previous} if that is not {@link #NONE}; or NONE. */
    int take(int previous) {
        int segment = segments.take();
        if (segment != NONE) {
            segments.record().chained(segment);
            segments.arena().storeFence();
            words.putLong(linkAt(segment), 0);
            if (previous != NONE) {
                words.putLong(linkAt(previous), segment + 1L);
            }
        }
        return segment;
    }

    /** Sets the owner's pin of a chain that nobody else has seen; returns its name. */
    long own(int first) {
        long word = words.getLong(wordAt(first));
        assert (word & PINS_MASK) == 0 : first;
        words.putLongRelease(wordAt(first), word | 1);
        return name(first, word >>> PIN_BITS);
    }

    /** Keeps a chain from being freed; false if it may have been already. */
    boolean pin(long name) {
        long wordAt = wordAt(first(name));
        while (true) {
            long word = words.getLongAcquire(wordAt);
            if (word >>> PIN_BITS != generation(name) || (word & PINS_MASK) == 0) {
                return false;
            }
            if ((word & PINS_MASK) == PINS_MASK) {
                throw new IllegalStateException("pins: " + PINS_MASK + " (expected: fewer)");
            }
            if (words.compareAndSetLong(wordAt, word, word + 1)) {
                return true;
            }
        }
    }

    /** Takes one pin back; the last one frees the chain. */
    final void unpin(long name) {
        int first = first(name);
        long wordAt = wordAt(first);
        while (true) {
            long word = words.getLongAcquire(wordAt);
            assert word >>> PIN_BITS == generation(name) && (word & PINS_MASK) != 0 : name;
            boolean isLast = (word & PINS_MASK) == 1;
            long next = isLast ? ((word >>> PIN_BITS) + 1) << PIN_BITS : word - 1;
            if (words.compareAndSetLong(wordAt, word, next)) {
                if (isLast) {
                    give(first);
                }
                return;
            }
        }
    }

    /** Gives the segments of a chain that nobody can reach back to the pool. */
    final void give(int first) {
        int segment = first;
        while (segment != NONE) {
            int next = after(segment); // before it may be somebody else's
            segments.give(segment);
            segment = next;
        }
    }

    /** The segment after this one, {@link #NONE} at the end; only for who has pinned the chain. */
    final int after(int segment) {
        return (int) words.getLong(linkAt(segment)) - 1;
    }

    // ---- rebuilding, while nobody else is at work

    /** Whether such a chain has an owner and leads over {@code count} segments to its end. */
    final boolean isIntact(long name, int count) {
        int segment = first(name);
        if (segment >= segments.segments()) {
            return false;
        }
        long word = words.getLong(wordAt(segment));
        if (word >>> PIN_BITS != generation(name) || (word & PINS_MASK) == 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (segment < 0
                    || segment >= segments.segments()
                    || segments.record().use(segment) != SegmentRecord.CHAIN) {
                return false;
            }
            segment = after(segment);
        }
        return segment == NONE;
    }

    /** Leaves the chain of a head that was found again with its owner's pin only. */
    final void restore(long name) {
        words.putLongRelease(wordAt(first(name)), generation(name) << PIN_BITS | 1);
    }

    /** Ends the chain that may begin in a segment which no head was found for. */
    final void forget(int segment) {
        long generation = (words.getLong(wordAt(segment)) >>> PIN_BITS) + 1 & GENERATION_MASK;
        words.putLongRelease(wordAt(segment), generation << PIN_BITS);
        words.putLongRelease(linkAt(segment), 0);
    }

    /** How many pins a segment's chain has, for tests. */
    final int pins(int first) {
        return (int) (words.getLong(wordAt(first)) & PINS_MASK);
    }

    /** The word that pins are counted in. */
    final long wordAt(int first) {
        return (long) first * WORDS * Memory.WORD_BYTES;
    }

    final Memory words() {
        return words;
    }

    private long linkAt(int segment) {
        return wordAt(segment) + Memory.WORD_BYTES;
    }
}
