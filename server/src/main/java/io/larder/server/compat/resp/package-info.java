/**
 * RESP2 and RESP3, the protocol of Redis and Valkey, with the commands that a cache of plain values
 * has a meaning for.
 *
 * <p>Threads: a conversation and the {@link io.larder.server.compat.resp.Bench} it works at belong
 * to one event loop; {@link io.larder.server.compat.resp.Resp} and {@link
 * io.larder.server.compat.resp.Clients} are shared.
 */
@NullMarked
package io.larder.server.compat.resp;

import org.jspecify.annotations.NullMarked;
