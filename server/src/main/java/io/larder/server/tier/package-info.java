/**
 * A second place for what memory has no room for: items that eviction drops, but that were worth
 * something, go to disk, and come back when they are asked for.
 *
 * <p>Read in this order: {@link io.larder.server.tier.OverflowTier} (what commands see), {@link
 * io.larder.server.tier.ShardVictims} and {@link io.larder.server.tier.Directory} (what a shard
 * tells, and what is known of it in memory), {@link io.larder.server.tier.RocksOverflowTier} (how
 * the parts work together, and why nothing stale is served).
 *
 * <p>Threads: shards tell under their locks, event loops look into the directory, a pool reads, and
 * one thread writes, opens and closes. Only {@link io.larder.server.tier.RocksLog} knows RocksDB,
 * whose jar need not be there unless the tier is on.
 *
 * <p>Imports {@code store} and {@code metrics}.
 */
@NullMarked
package io.larder.server.tier;

import org.jspecify.annotations.NullMarked;
