/**
 * Larder behind Spring's cache abstraction: {@link io.larder.client.spring.LarderCacheManager}
 * makes a {@link io.larder.client.spring.LarderCache} of each region.
 *
 * <p>Threads: any. May import the client, Spring's context and Jackson; {@code boot} and {@code
 * session} import it, not the reverse.
 */
@NullMarked
package io.larder.client.spring;

import org.jspecify.annotations.NullMarked;
