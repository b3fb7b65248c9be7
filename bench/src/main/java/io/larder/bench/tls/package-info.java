/**
 * What TLS and permissions cost, whether handshakes that nobody finishes do harm, and what a
 * scanner finds.
 *
 * <p>Threads: a connection has one. May import the protocol, the server's certificates for
 * development, what the server carries requests out with, {@code io.larder.bench} and the
 * processors of {@code io.larder.bench.wire}.
 */
@NullMarked
package io.larder.bench.tls;

import org.jspecify.annotations.NullMarked;
