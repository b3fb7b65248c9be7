/**
 * What a server tells clients unasked: that something they keep a copy of has changed, and which
 * keys are hot. {@link io.larder.server.push.Pushes} knows who keeps what; a {@link
 * io.larder.server.push.PushQueue} is the way to one connection.
 *
 * <p>Threads: writers call from wherever they write; a queue is emptied on its connection's event
 * loop. Nothing here blocks for longer than a table's stripe is held.
 *
 * <p>Imports {@code protocol}, {@code store}, {@code memory} (the slices that keys are) and {@code
 * metrics}.
 */
@NullMarked
package io.larder.server.push;

import org.jspecify.annotations.NullMarked;
