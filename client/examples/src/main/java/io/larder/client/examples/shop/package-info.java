/**
 * A small shop of Spring Boot's: products from a slow database, with Larder in front of it, or,
 * with the profile {@code plain}, without.
 *
 * <p>Threads: those of requests.
 */
@NullMarked
package io.larder.client.examples.shop;

import org.jspecify.annotations.NullMarked;
