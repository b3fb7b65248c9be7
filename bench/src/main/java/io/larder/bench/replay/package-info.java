/**
 * Hit ratios: traces of requests, replayed through Larder's store and through the caches it is
 * compared with.
 *
 * <p>Threads: one. May import server, for the store in this process.
 */
@NullMarked
package io.larder.bench.replay;

import org.jspecify.annotations.NullMarked;
