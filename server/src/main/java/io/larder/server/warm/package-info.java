/**
 * Warm restart: a store's memory in a file that outlives the process, and all that has to be known
 * to go on with it.
 *
 * <p>Read in this order: {@link io.larder.server.warm.WarmStart} (what happens to a file that is
 * found), {@link io.larder.server.warm.FileShape} (what lies in it), {@link
 * io.larder.server.warm.WarmClock} (how time goes on). How items are found again, and why nothing
 * old comes back, is told in the store's ShardRebuild.
 *
 * <p>Threads: a start and its end are of one thread; in between the clock's thread writes the time,
 * and whoever changes a region writes that down under the region table's monitor. Imports {@code
 * memory}, {@code store} and {@code region}.
 */
@NullMarked
package io.larder.server.warm;

import org.jspecify.annotations.NullMarked;
