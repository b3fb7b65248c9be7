/**
 * Leases: who may load a missing value for all others, and who waits for it.
 *
 * <p>Threads: any; a key's lease is guarded by its stripe's monitor. Lock order: a stripe's
 * monitor, then a shard's lock of the store. Waiters are told with no lock held.
 *
 * <p>Imports {@code store}, {@code memory} for its slices, and {@code metrics}.
 */
@NullMarked
package io.larder.server.lease;

import org.jspecify.annotations.NullMarked;
