/**
 * Caches of the user's types over caches of bytes: {@link io.larder.client.typed.TypedCache} and
 * its view without blocking, which encode, delegate and decode, and know of no connection.
 *
 * <p>Threads: any; immutable.
 *
 * <p>Imports {@code api} only.
 */
@NullMarked
package io.larder.client.typed;

import org.jspecify.annotations.NullMarked;
