/**
 * Whether the hit ratio that a store predicts for other sizes is what a store of that size has, and
 * what learning it costs.
 *
 * <p>Threads: one. May import server, for the store in this process.
 */
@NullMarked
package io.larder.bench.curve;

import org.jspecify.annotations.NullMarked;
