/**
 * What an operator talks to: lines of text over telnet, one class per command.
 *
 * <p>Threads: the admin listener has an event loop of its own, so that a slow command delays no
 * request; commands are shared and run there, one at a time.
 *
 * <p>Imports {@code net}, {@code region}, {@code snapshot}, {@code limit}, {@code metrics} and of
 * the protocol its limits and its quoting; the store is seen through {@link
 * io.larder.server.admin.ItemLookup}.
 */
@NullMarked
package io.larder.server.admin;

import org.jspecify.annotations.NullMarked;
