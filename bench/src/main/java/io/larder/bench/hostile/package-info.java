/**
 * Clients that mean no good, or too many that do: whether a server keeps its limits, refuses early
 * what it cannot do, and has everything back afterwards.
 *
 * <p>Threads: each class says its own.
 */
@NullMarked
package io.larder.bench.hostile;

import org.jspecify.annotations.NullMarked;
