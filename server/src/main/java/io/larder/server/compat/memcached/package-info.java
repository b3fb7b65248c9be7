/**
 * memcached's protocols, text with its meta commands and binary, on one port: the first byte of a
 * connection tells. By memcached's {@code protocol.txt} and what memcached 1.6.18 answers.
 *
 * <p>Threads: a conversation and the {@link io.larder.server.compat.memcached.Bench} it works at
 * belong to one event loop; {@link io.larder.server.compat.memcached.Memcached} is shared.
 */
@NullMarked
package io.larder.server.compat.memcached;

import org.jspecify.annotations.NullMarked;
