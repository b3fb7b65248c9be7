/**
 * Larder's client in Micrometer: {@link io.larder.client.micrometer.LarderMetrics} times calls,
 * {@link io.larder.client.micrometer.LarderCacheMetrics} has the figures that Micrometer knows of
 * any cache.
 *
 * <p>Threads: any. May import the client's API and Micrometer.
 */
@NullMarked
package io.larder.client.micrometer;

import org.jspecify.annotations.NullMarked;
