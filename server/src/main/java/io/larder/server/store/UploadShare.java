package io.larder.server.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many segments the values still being uploaded may take together: a part of memory that
 * nothing can be evicted from. For any thread.
 */
final class UploadShare {
    /** A quarter of all segments: the rest is enough to evict from. */
    private static final int PART = 4;

    /** Longer values are not taken, however large the memory: 1 GiB. */
    private static final long VALUE_BYTES_MAX = 1L << 30;

    private final int segmentBytes;
    private final int bytesMaxEver;
    private volatile int segmentsMax;
    private final AtomicInteger inUse = new AtomicInteger();

    /** A part of all the segments that there can ever be. */
    UploadShare(int segments, int segmentBytes) {
        this.segmentBytes = segmentBytes;
        limit(segments);
        this.bytesMaxEver = bytesMax();
    }

    /** From now on it is a part of so many segments. */
    void limit(int segments) {
        segmentsMax = Math.max(1, segments / PART);
    }

    /** The longest value that can be uploaded at all at present, in bytes. */
    int bytesMax() {
        return (int) Math.min(VALUE_BYTES_MAX, (long) segmentsMax * segmentBytes);
    }

    /** The longest value that can be uploaded when memory is at its largest, in bytes. */
    int bytesMaxEver() {
        return bytesMaxEver;
    }

    /** Sets so many segments aside; false if they are not to be had now. */
    boolean tryEnter(int segments) {
        int before;
        do {
            before = inUse.get();
            if (segments > segmentsMax - before) {
                return false;
            }
        } while (!inUse.compareAndSet(before, before + segments));
        return true;
    }

    void leave(int segments) {
        int left = inUse.addAndGet(-segments);
        assert left >= 0 : left;
    }

    int inUse() {
        return inUse.get();
    }
}
