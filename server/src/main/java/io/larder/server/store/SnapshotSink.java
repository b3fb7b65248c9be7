package io.larder.server.store;

import java.io.IOException;

/**
 * Where a snapshot's items go, a block at a time. Called on the thread that takes the snapshot,
 * outside of every lock.
 */
@FunctionalInterface
public interface SnapshotSink {
    /**
     * Told once, right after the cut: what is looked up now is as it was at the cut, or younger.
     *
     * @throws IOException ends the snapshot
     */
    default void begin() throws IOException {}

    /**
     * Takes a block of whole items, in the form that {@link SnapshotItem} reads.
     *
     * @param block valid during the call only
     * @param length bytes of the block that count, from 1
     * @param items how many lie in them, from 1
     * @throws IOException ends the snapshot
     */
    void accept(byte[] block, int length, int items) throws IOException;
}
