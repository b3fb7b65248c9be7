package io.larder.server.store;

/**
 * Hands out the pieces of memory that indexes grow by: an eighth of a segment each, so that many
 * shards share one. Pieces are never given back. For any thread.
 */
final class IndexChunks {
    /** No memory to be had. */
    static final long NONE = -1;

    private static final int CHUNKS_PER_SEGMENT = 8;

    private final SegmentTable segments;
    private final int chunkBytes;

    // Under this object's monitor, which is taken inside a shard's lock and takes nothing itself.
    private long next;
    private long end;
    private int segmentsTaken;

    IndexChunks(SegmentTable segments) {
        this.segments = segments;
        this.chunkBytes =
                Math.max(HashIndex.BUCKET_BYTES, segments.segmentBytes() / CHUNKS_PER_SEGMENT);
    }

    int chunkBytes() {
        return chunkBytes;
    }

    /** Segments that were taken, never to be given back. */
    synchronized int segmentsTaken() {
        return segmentsTaken;
    }

    /** Position of a fresh chunk of unspecified content, or {@link #NONE}. */
    synchronized long take() {
        if (next == end) {
            int segment = segments.take();
            if (segment < 0) {
                return NONE;
            }
            segmentsTaken++;
            segments.record().indexed(segment);
            segments.arena().storeFence();
            next = segments.start(segment);
            end = next + segments.segmentBytes();
        }
        long chunk = next;
        next += chunkBytes;
        return chunk;
    }
}
