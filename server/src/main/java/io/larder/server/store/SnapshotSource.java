package io.larder.server.store;

import java.io.IOException;

/** What a snapshot can be taken of. For any thread, one snapshot at a time. */
@FunctionalInterface
public interface SnapshotSource {
    /**
     * Hands every item of one moment to the sink, on the calling thread, while writes go on: a
     * consistent cut, less what was evicted, expired or cleared before it was come to. Each key
     * comes at most once. The copies that wait for the sink are bounded, and if writes outrun it,
     * the snapshot fails rather than they.
     *
     * <p>Locking: the shards' locks, one at a time, for a few chains at a time; the sink is called
     * without one.
     *
     * @param liveness says which items may be seen, apart from their expiry
     * @return how many items were left out, being larger than {@link SnapshotItem#BYTES_MAX}
     * @throws IOException the sink's own, or that it was outrun
     * @throws IllegalStateException if one is being taken
     */
    long snapshot(long nowMillis, Liveness liveness, SnapshotSink sink) throws IOException;
}
