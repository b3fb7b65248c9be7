/**
 * Copies of a region's values in the client's own memory, which its server declares old when they
 * are. {@link io.larder.client.near.NearCache} is a cache like any other, over another one.
 *
 * <p>Threads: any; what servers tell comes on the event loops of their connections.
 *
 * <p>May import {@code api}, {@code net} and Caffeine, which is optional: {@link
 * io.larder.client.near.NearCache#open} says what is missing.
 */
@NullMarked
package io.larder.client.near;

import org.jspecify.annotations.NullMarked;
