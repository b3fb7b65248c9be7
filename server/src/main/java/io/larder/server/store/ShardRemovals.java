package io.larder.server.store;

import io.larder.server.store.Fate.Kind;
import io.larder.server.store.Fate.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What became of the keys of one shard: its last removals, those of keys that are gone and of
 * values that were replaced each for themselves, so that a key written again and again pushes out
 * no other's end. Guarded by the shard's lock.
 *
 * <p>An entry is noted where the item is unlinked, in the hold of the lock that does it: nothing is
 * lost on the way here, and what is found here was true at one moment.
 */
final class ShardRemovals {
    private final RemovalRing ends;
    private final RemovalRing overwrites;
    private final Clock clock;
    private final SegmentTable segments;
    private long sequence;

    /**
     * @param capacity removals to keep, of either sort
     */
    ShardRemovals(int capacity, Clock clock, SegmentTable segments) {
        this.ends = new RemovalRing(capacity);
        this.overwrites = new RemovalRing(capacity);
        this.clock = clock;
        this.segments = segments;
    }

    /** Notes that an item went. */
    void note(long hash, Kind kind, Reason reason, long author) {
        RemovalRing ring = kind == Kind.OVERWRITTEN ? overwrites : ends;
        int segmentsFree = kind == Kind.EVICTED ? segments.free() : 0;
        ring.add(hash, sequence++, kind, reason, clock.nowMillis(), segmentsFree, author);
    }

    /** What became of a key that is there. */
    Fate ofPresent(long hash) {
        RemovalRing.Entry overwrite = overwrites.last(hash);
        RemovalRing.Entry end = ends.last(hash);
        return overwrite != null && (end == null || end.sequence() < overwrite.sequence())
                ? overwrite.fate()
                : Fate.of(Kind.LIVE);
    }

    /** What became of a key that is not there; null if it has not been noted. */
    @Nullable Fate ofAbsent(long hash) {
        RemovalRing.Entry end = ends.last(hash);
        return end == null ? null : end.fate();
    }

    /** Whether a key that is not there, and was not noted, never was. */
    boolean isWhole() {
        return ends.isWhole();
    }
}
