/**
 * Warming a new server from another one while it already serves.
 *
 * <p>Threads: {@link io.larder.server.peer.WarmUp} has one of its own, which blocks on the network;
 * {@link io.larder.server.peer.ChangedKeys} is for any.
 *
 * <p>Imports {@code store}, {@code region}, {@code metrics} and the protocol.
 */
@NullMarked
package io.larder.server.peer;

import org.jspecify.annotations.NullMarked;
