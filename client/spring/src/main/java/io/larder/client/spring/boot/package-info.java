/**
 * What Spring Boot configures by itself: the client, the cache manager, health, metrics and, if
 * wanted, the session repository; {@link io.larder.client.spring.boot.LarderProperties} are its
 * settings.
 *
 * <p>Threads: the one that starts the application.
 */
@NullMarked
package io.larder.client.spring.boot;

import org.jspecify.annotations.NullMarked;
