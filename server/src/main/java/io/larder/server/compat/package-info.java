/**
 * Protocols of other servers on a listener: what they share. A {@link
 * io.larder.server.compat.Conversation} knows one protocol; the connection around it, the way to
 * the items of region 0, keys looked at ahead and waits for the disk are the same for all.
 *
 * <p>Threads: a conversation and what it works with belong to one event loop. Nothing blocks,
 * except as the store's writes may.
 *
 * <p>Imports {@code command} (the services), {@code net}, {@code store}, {@code memory}, {@code
 * region}, {@code push}, {@code lease}, {@code tier}, {@code limit} and {@code metrics}.
 */
@NullMarked
package io.larder.server.compat;

import org.jspecify.annotations.NullMarked;
