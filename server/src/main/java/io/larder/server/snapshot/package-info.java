/**
 * Snapshots of a store in files: {@link io.larder.server.snapshot.SnapshotFormat} has the bytes,
 * {@link io.larder.server.snapshot.SnapshotWriter} and {@link
 * io.larder.server.snapshot.SnapshotReader} the two directions, {@link
 * io.larder.server.snapshot.Snapshots} what an operator asks for.
 *
 * <p>Threads: one at a time for each file; a snapshot or restore runs on a thread of its own.
 *
 * <p>Imports {@code store}, {@code region} and {@code metrics}.
 */
@NullMarked
package io.larder.server.snapshot;

import org.jspecify.annotations.NullMarked;
