/**
 * The store: shards of off-heap items behind a lock-free index, with one write lock each.
 *
 * <p>Read in this order: {@link io.larder.server.store.Store} (what it offers), {@link
 * io.larder.server.store.ItemLayout} and {@link io.larder.server.store.Slot} (what lies in memory),
 * {@link io.larder.server.store.ShardReader} (the read protocol and its argument), {@link
 * io.larder.server.store.ShardScanner} (scans, on top of it), {@link
 * io.larder.server.store.ShardSnapshot} (a cut), {@link io.larder.server.store.Shard} (writes),
 * {@link io.larder.server.store.SegmentRecycler} (how memory comes back), {@link
 * io.larder.server.store.ShardReturns} (what becomes of items that were kept elsewhere).
 *
 * <p>Threads: any thread reads; writers of one shard take turns by its {@link
 * io.larder.server.store.ShardLock}. Lock order: the monitor by which invalidations take turns,
 * then a shard's lock, of which a thread holds at most one, or, in an {@link
 * io.larder.server.store.EntryUpdate}, several in ascending order; then the monitor of {@link
 * io.larder.server.store.IndexChunks}. The monitors by which changes of the memory limit take
 * turns, and of {@link io.larder.server.store.SegmentBudget} after it, are taken with no shard's
 * lock held. Nothing is called out of the package while one is held except {@link
 * io.larder.server.store.Liveness}, {@link io.larder.server.store.ShardPolicy}, {@link
 * io.larder.server.store.ShardOverflow}, {@link io.larder.server.store.EntryFunction} and {@link
 * io.larder.server.store.StoreListener#wants}, which only compute; a {@link
 * io.larder.server.store.StoreListener} is told of what was done once none is held.
 *
 * <p>Imports {@code memory} and {@code metrics}.
 */
@NullMarked
package io.larder.server.store;

import org.jspecify.annotations.NullMarked;
