/**
 * Regions, the named caches inside one server: what a name, a number on the wire and a space in the
 * store have to do with one another.
 *
 * <p>Threads: lookups from any thread without locking; opening and clearing take turns. Imports
 * {@code store} (its seam {@code Liveness} and its {@code Spaces}) and {@code metrics}.
 */
@NullMarked
package io.larder.server.region;

import org.jspecify.annotations.NullMarked;
