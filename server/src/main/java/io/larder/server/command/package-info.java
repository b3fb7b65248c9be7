/**
 * What each request of the binary protocol does: one dispatcher that branches by opcode, a few
 * groups of handlers, and the state of one connection's conversation. It knows frames in buffers
 * and nothing of sockets.
 *
 * <p>Threads: the dispatcher and the handlers are shared and hold no state of a request; a {@link
 * io.larder.server.command.Session} belongs to one event loop. Nothing here blocks, except as the
 * store's writes may.
 *
 * <p>Imports {@code protocol}, {@code store}, {@code memory} (the slices that keys and values are),
 * {@code region}, {@code push}, {@code lease}, {@code tier}, {@code limit} and {@code metrics}.
 */
@NullMarked
package io.larder.server.command;

import org.jspecify.annotations.NullMarked;
