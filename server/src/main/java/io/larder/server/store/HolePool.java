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
 * is taken for reclamation.
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
     */
    private static final int WORDS_MIN = 3;
    private static final int WORDS_MAX = ShardWriter.COPY_UNDER_LOCK_BYTES / 8;
    private static final int HOLES_MAX = 128;
    private static final int LIFE_SHIFT = 38;
    private static final int LIFE_MASK = (1 << (Long.SIZE - LIFE_SHIFT)) - 1;
    private static final long WORD_MASK = (1L << LIFE_SHIFT) - 1;

    /** No hole fits. */
    static final long NONE = -1;

    private final SegmentTable segments;
    private final @Nullable Sizes[] streams = new @Nullable Sizes[Stream.COUNT];

    HolePool(SegmentTable segments) {
        this.segments = segments;
    }

    /** The holes of one stream: a stack of `life 26 | position in words 38` per size. */
    private static final class Sizes {
        final long[][] stacks = new long[WORDS_MAX + 1][];
        final int[] heights = new int[WORDS_MAX + 1];
        final long[] nonEmpty = new long[(WORDS_MAX >>> 6) + 1];
    }

    /** A dead item of {@code bytes} lies at {@code position}. */
    void note(long position, int bytes) {
        int words = bytes >>> 3;
        if (words < WORDS_MIN || words > WORDS_MAX) {
            return;
        }
        int segment = segments.segmentOf(position);
        int stream = segments.stream(segment);
        Sizes sizes = streams[stream];
        if (sizes == null) {
            sizes = new Sizes();
            streams[stream] = sizes;
        }
        int height = sizes.heights[words];
        long[] stack = sizes.stacks[words];
        if (stack == null || height == stack.length) {
            if (height == HOLES_MAX) {
                return;
            }
            stack = stack == null ? new long[4] : Arrays.copyOf(stack, height * 2);
            sizes.stacks[words] = stack;
        }
        stack[height] = entry(segment, position);
        sizes.heights[words] = height + 1;
        sizes.nonEmpty[words >>> 6] |= 1L << words;
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
            int height = --sizes.heights[words];
            if (height == 0) {
                sizes.nonEmpty[words >>> 6] &= ~(1L << words);
            }
            long hole = sizes.stacks[words][height];
            long position = (hole & WORD_MASK) << 3;
            if (hole == entry(segments.segmentOf(position), position)) {
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

    private long entry(int segment, long position) {
        return (long) (segments.lifeOfHoles(segment) & LIFE_MASK) << LIFE_SHIFT | (position >>> 3);
    }
}
