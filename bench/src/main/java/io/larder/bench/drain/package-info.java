/**
 * Whether a server that is told to stop under load lets its clients go without a failed call.
 *
 * <p>Threads: each caller has one. May import the client and {@code io.larder.bench}.
 */
@NullMarked
package io.larder.bench.drain;

import org.jspecify.annotations.NullMarked;
