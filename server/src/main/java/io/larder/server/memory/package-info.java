/**
 * Memory the collector never sees: the arena that holds every item and the index, and the pool that
 * hands out its segments.
 *
 * <p>Threads: everything here is safe for any thread unless its class says otherwise; ordering is
 * the caller's choice, by the access mode it names. Imports nothing of Larder.
 */
@NullMarked
package io.larder.server.memory;

import org.jspecify.annotations.NullMarked;
