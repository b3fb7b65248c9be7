/**
 * The connections to the servers: the choice among them, hand-off from the callers' threads to the
 * event loop, framing, matching of answers, timeouts, windows, retries, reconnecting.
 *
 * <p>Threads: what callers touch says so ({@link io.larder.client.net.Router}, {@link
 * io.larder.client.net.ServerLink#submit}); all else belongs to the event loop of its link.
 *
 * <p>May import {@code api}, the protocol and Netty.
 */
@NullMarked
package io.larder.client.net;

import org.jspecify.annotations.NullMarked;
