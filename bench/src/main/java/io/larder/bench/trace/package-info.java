/**
 * What a live server is asked for: recorded from it, sampled and with hashed keys, and replayed
 * through stores and other caches of several sizes.
 *
 * <p>Threads: one. May import server, for the store in this process.
 */
@NullMarked
package io.larder.bench.trace;

import org.jspecify.annotations.NullMarked;
