package io.larder.server.store;

/**
 * What a segment is filled with: items of one queue, one origin and one class of time to live, so
 * that what lies together dies together. Packed in an int; stateless.
 */
final class Stream {
    /** Queues of eviction. */
    static final int SMALL = 0;

    static final int MAIN = 1;
    static final int QUEUES = 2;

    /** Written by callers. */
    static final int FRESH = 0;

    /** Copied on by eviction: older than what callers write, and read more. */
    static final int KEPT = 1;

    /** Copied by compaction, to the place in the queue where it came from. */
    static final int COMPACTED = 2;

    private static final int ORIGINS = 3;

    /** Bounds of the classes but the last, which is of whatever lives longer. */
    private static final long[] CLASS_MILLIS_MAX = {60_000, 3_600_000, 86_400_000};

    private static final int CLASSES = CLASS_MILLIS_MAX.length + 1;
    static final int COUNT = QUEUES * ORIGINS * CLASSES;

    private Stream() {}

    static int of(int queue, int origin, int lifetimeClass) {
        return (lifetimeClass * ORIGINS + origin) * QUEUES + queue;
    }

    /** The same class of items in another queue and of another origin. */
    static int moved(int stream, int queue, int origin) {
        return of(queue, origin, lifetimeClass(stream));
    }

    static int queue(int stream) {
        return stream % QUEUES;
    }

    static int origin(int stream) {
        return stream / QUEUES % ORIGINS;
    }

    static int lifetimeClass(int stream) {
        return stream / (QUEUES * ORIGINS);
    }

    /** The class of an item that lives for another {@code millis}. */
    static int classOf(long millis) {
        int lifetimeClass = 0;
        while (lifetimeClass < CLASS_MILLIS_MAX.length
                && millis > CLASS_MILLIS_MAX[lifetimeClass]) {
            lifetimeClass++;
        }
        return lifetimeClass;
    }
}
