/**
 * Larder beside memcached and Redis, each driven over its peer's protocol by the same generator.
 *
 * <p>Threads: one, which is the generator too. May import {@code io.larder.bench.wire} and {@code
 * io.larder.bench}.
 */
@NullMarked
package io.larder.bench.peers;

import org.jspecify.annotations.NullMarked;
