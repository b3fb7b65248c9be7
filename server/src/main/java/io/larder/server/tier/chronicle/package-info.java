/**
 * A persistent, fixed-capacity engine for single regions: a Chronicle Map in a file, behind the
 * same {@link io.larder.server.store.Store} as everything else. It evicts nothing; what it keeps
 * outlives the process, also one that is killed.
 *
 * <p>Read in this order: {@link io.larder.server.tier.chronicle.ChronicleStore}, {@link
 * io.larder.server.tier.chronicle.ChronicleFile}, {@link
 * io.larder.server.tier.chronicle.ChronicleScan}, {@link
 * io.larder.server.tier.chronicle.ChronicleSweep}.
 *
 * <p>Threads: any thread reads and writes; writers of one stripe take turns. Lock order: stripes in
 * ascending order, then the file's monitor for its state, then a lock of the map's segment. Nothing
 * is called out of the package while one is held, but an {@link
 * io.larder.server.store.EntryFunction} and a touch's sink.
 *
 * <p>Imports {@code store}, {@code memory} and {@code metrics}; Chronicle Map is optional at run
 * time, so nobody outside may load these classes before a region asks for them.
 */
@NullMarked
package io.larder.server.tier.chronicle;

import org.jspecify.annotations.NullMarked;
