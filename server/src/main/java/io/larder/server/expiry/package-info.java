/**
 * Takes what has expired out of the store although nobody asks for it: a task per shard looks
 * through the segments that are due.
 *
 * <p>Imports {@code store} and {@code work}.
 */
@NullMarked
package io.larder.server.expiry;

import org.jspecify.annotations.NullMarked;
