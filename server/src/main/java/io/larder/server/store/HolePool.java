package io.larder.server.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a shard's dead items lie that could be written over, by stream and size. Under the shard's
 * lock.
 *
 * <p>When memory is short, an overwrite is put where an equally long item died, instead of at the
 * end of the log: in a full store, most of what cleaning a log would copy is thereby not copied. A
 * hole is only noted here; it stays a dead item of its segment, and is forgotten once the segment
 * is taken for reclamation. As many are noted as there is room for, which is fixed; a new one takes
 * the place of an old one.
 */
final class HolePool {
    /*
     * Why writing over a dead item is as safe as recycling its segment. The item was unlinked, or
     * its reservation abandoned, under the lock before it became a hole. Before the first byte is
     * written the segment's generation is raised (release), then comes a store fence: a reader that
     * may have read any new byte sees the raise in step 5 of its protocol and starts over. A reader
     * that finds the new item found its slot, swung by a release store after the item was whole.
     * The other items of the segment did not move; readers of theirs that are under way start over
     * once, for nothing.
     *
     * A hole is an entry of four arrays: where it lies and in which life of its segment's holes,
     * the list it is in, and its neighbours there. There is a list, newest first, for each stream
     * and each length in words. When no entry is free, a hand that goes round takes the next: its
     * hole is likely to be among the oldest, and if its segment was reclaimed since, to be none.
     */
    private static final int WORDS_MIN = 3;
    private static final int WORDS_MAX = ShardWriter.COPY_UNDER_LOCK_BYTES / 8;
    private static final int LISTS_PER_STREAM = WORDS_MAX + 1;
    private static final int LIFE_SHIFT = 38;
    private static final int LIFE_MASK = (1 << (Long.SIZE - LIFE_SHIFT)) - 1;
    private static final long WORD_MASK = (1L << LIFE_SHIFT) - 1;

    /** A hole takes 14 bytes: of each shard, a thousandth of the store and 224 KiB at most. */
    private static final int STORE_BYTES_PER_HOLE = 16 << 10;

    private static final int HOLES_MIN = 256;
    private static final int HOLES_MAX = 16 << 10;

    /** No hole fits. */
    static final long NONE = -1;

    private static final short END = -1;

    private final SegmentTable segments;
    private final @Nullable Sizes[] streams = new @Nullable Sizes[Stream.COUNT];
    private final long[] holes; // `life 26 | position in words 38`
    private final short[] lists; // END: the entry is free
    private final short[] older; // of a free entry, the next one
    private final short[] newer;
    private int free;
    private int hand;

    /** The holes of one stream, by their length in words. */
    private static final class Sizes {
        final short[] newest = new short[LISTS_PER_STREAM];
        final long[] nonEmpty = new long[(WORDS_MAX >>> 6) + 1];

        Sizes() {
            Arrays.fill(newest, END);
        }
    }

    HolePool(SegmentTable segments) {
        this(segments, capacityOf((long) segments.segments() * segments.segmentBytes()));
    }

    /**
     * @param capacity how many holes there is room for, 1 to {@value #HOLES_MAX}
     */
    HolePool(SegmentTable segments, int capacity) {
        this.segments = segments;
        this.holes = new long[capacity];
        this.lists = new short[capacity];
        this.older = new short[capacity];
        this.newer = new short[capacity];
        Arrays.fill(lists, END);
        for (int entry = 0; entry < capacity; entry++) {
            older[entry] = (short) (entry + 1 == capacity ? END : entry + 1);
        }
    }

    private static int capacityOf(long storeBytes) {
        return (int) Math.max(HOLES_MIN, Math.min(HOLES_MAX, storeBytes / STORE_BYTES_PER_HOLE));
    }

    /** A dead item of {@code bytes} lies at {@code position}. */
    void note(long position, int bytes) {
        int words = bytes >>> 3;
        if (words < WORDS_MIN || words > WORDS_MAX) {
            return;
        }
        int segment = segments.segmentOf(position);
        int stream = segments.stream(segment);
        Sizes sizes = sizesOf(stream);
        int entry = freeEntry();
        short next = sizes.newest[words];
        holes[entry] = hole(segment, position);
        lists[entry] = (short) (stream * LISTS_PER_STREAM + words);
        older[entry] = next;
        newer[entry] = END;
        if (next != END) {
            newer[next] = (short) entry;
        }
        sizes.newest[words] = (short) entry;
        sizes.nonEmpty[words >>> 6] |= 1L << words;
    }

    private Sizes sizesOf(int stream) {
        Sizes sizes = streams[stream];
        if (sizes == null) {
            sizes = new Sizes();
            streams[stream] = sizes;
        }
        return sizes;
    }

    private int freeEntry() {
        if (free == END) {
            forget(hand);
            hand = hand + 1 == holes.length ? 0 : hand + 1;
        }
        int entry = free;
        free = older[entry];
        return entry;
    }

    /** Takes the entry out of its list, and makes it free. */
    private void forget(int entry) {
        short next = older[entry];
        short before = newer[entry];
        if (next != END) {
            newer[next] = before;
        }
        if (before != END) {
            older[before] = next;
        } else {
            int words = lists[entry] % LISTS_PER_STREAM;
            Sizes sizes = sizesOf(lists[entry] / LISTS_PER_STREAM);
            assert sizes.newest[words] == entry : entry;
            sizes.newest[words] = next;
            if (next == END) {
                sizes.nonEmpty[words >>> 6] &= ~(1L << words);
            }
        }
        lists[entry] = END;
        older[entry] = (short) free;
        free = entry;
    }

    /** Takes the position of a hole of {@code bytes} or more in a segment of {@code stream}. */
    long take(int stream, int bytes) {
        Sizes sizes = streams[stream];
        if (sizes == null) {
            return NONE;
        }
        for (int words = nextNonEmpty(sizes, bytes >>> 3);
                words <= WORDS_MAX;
                words = nextNonEmpty(sizes, words)) {
            int entry = sizes.newest[words];
            long hole = holes[entry];
            forget(entry);
            long position = (hole & WORD_MASK) << 3;
            if (hole == hole(segments.segmentOf(position), position)) {
                return position;
            }
        }
        return NONE;
    }

    private static int nextNonEmpty(Sizes sizes, int fromWords) {
        int index = fromWords >>> 6;
        if (index >= sizes.nonEmpty.length) {
            return WORDS_MAX + 1;
        }
        long bits = sizes.nonEmpty[index] & (-1L << fromWords);
        while (bits == 0) {
            if (++index == sizes.nonEmpty.length) {
                return WORDS_MAX + 1;
            }
            bits = sizes.nonEmpty[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(bits);
    }

    private long hole(int segment, long position) {
        return (long) (segments.lifeOfHoles(segment) & LIFE_MASK) << LIFE_SHIFT | (position >>> 3);
    }
}
