package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What each segment of a store that outlives its process is used for, written down beside the arena
 * so that a later process knows where items lie. In any other store nothing is written down. For
 * any thread that owns the segment.
 */
final class SegmentRecord {
    /*
     * A word per segment, all zero at first:
     *
     *   63                             24 23        16 15         8 7       0
     *  +---------------------------------+------------+------------+---------+
     *  | order 40: opened later is more  | stream     | shard      | use     |
     *  +---------------------------------+------------+------------+---------+
     *
     *   LOG     once the segment's first word ends it: what lay there before is not read as items
     *   CHAIN   before the first byte of a value is written
     *   INDEX   likewise
     *   FREE    when nothing points there any more, before it is given to the pool
     *
     * Items are looked for in LOG segments only: elsewhere lie bytes that callers chose, which may
     * well look like items. Each is a release store, followed by a store fence where bytes are
     * written next; for why that is enough when the process is killed see ShardRebuild.
     *
     * The codes differ in four bits at least, so no few flipped bits make one of another.
     */
    static final SegmentRecord NONE = new SegmentRecord(null, 0);

    static final int FREE = 0;
    static final int LOG = 0xA5;
    static final int CHAIN = 0x5A;
    static final int INDEX = 0xC3;

    private static final int ORDER_SHIFT = 24;
    private static final int STREAM_SHIFT = 16;
    private static final int SHARD_SHIFT = 8;

    private final @Nullable Memory words;
    private final AtomicLong order = new AtomicLong();

    private SegmentRecord(@Nullable Memory words, int segments) {
        this.words = words;
        if (words != null) {
            long last = 0;
            for (int segment = 0; segment < segments; segment++) {
                last = Math.max(last, order(segment));
            }
            order.set(last);
        }
    }

    /** A record in {@code words}: all zero, or left by an earlier process. */
    static SegmentRecord in(Memory words, int segments) {
        return new SegmentRecord(words, segments);
    }

    /** Bytes of the words for so many segments. */
    static long bytes(int segments) {
        return (long) segments * Memory.WORD_BYTES;
    }

    /** A shard appends to the segment from now on, or has moved it to another stream. */
    void logged(int segment, int shard, int stream) {
        if (words != null) {
            put(
                    segment,
                    order.incrementAndGet() << ORDER_SHIFT
                            | (long) stream << STREAM_SHIFT
                            | (long) shard << SHARD_SHIFT
                            | LOG);
        }
    }

    void chained(int segment) {
        put(segment, CHAIN);
    }

    void indexed(int segment) {
        put(segment, INDEX);
    }

    void freed(int segment) {
        put(segment, FREE);
    }

    private void put(int segment, long word) {
        if (words != null) {
            words.putLongRelease((long) segment * Memory.WORD_BYTES, word);
        }
    }

    private long word(int segment) {
        return words == null ? FREE : words.getLong((long) segment * Memory.WORD_BYTES);
    }

    int use(int segment) {
        return (int) word(segment) & 0xFF;
    }

    int shard(int segment) {
        return (int) (word(segment) >>> SHARD_SHIFT) & 0xFF;
    }

    /** The stream of a log segment, if it is one that there is. */
    int stream(int segment) {
        return (int) (word(segment) >>> STREAM_SHIFT) & 0xFF;
    }

    /** A number above that of every segment opened before, as far as the word is not damaged. */
    long order(int segment) {
        return word(segment) >>> ORDER_SHIFT;
    }
}
