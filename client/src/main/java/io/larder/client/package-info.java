/**
 * The client of a Larder server for JVM programs: {@link io.larder.client.Larder} connects and
 * hands out the caches of {@link io.larder.client.api}.
 *
 * <p>Threads: any.
 *
 * <p>Assembles {@code net}, {@code near}, {@code typed} and {@code api}; no other package of the
 * client imports it.
 */
@NullMarked
package io.larder.client;

import org.jspecify.annotations.NullMarked;
