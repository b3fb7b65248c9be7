/**
 * TLS on listeners: the certificates and their renewal, the handshake and what it is refused for,
 * and certificates for development. What is said behind it is a {@link
 * io.larder.server.net.Frontend}'s business.
 *
 * <p>Threads: a connection's handlers belong to its event loop; the handshake's arithmetic runs on
 * threads of this package; the rest is for any thread.
 *
 * <p>Imports {@code net} and {@code metrics}.
 */
@NullMarked
package io.larder.server.tls;

import org.jspecify.annotations.NullMarked;
