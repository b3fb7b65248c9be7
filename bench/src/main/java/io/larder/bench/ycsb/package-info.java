/**
 * YCSB against Larder: the binding that YCSB calls, and the command that runs YCSB's own client in
 * a JVM of its own and judges its summary.
 *
 * <p>Threads: YCSB gives each of its threads a binding; all of them share one client. May import
 * the client and {@code io.larder.bench}.
 */
@NullMarked
package io.larder.bench.ycsb;

import org.jspecify.annotations.NullMarked;
