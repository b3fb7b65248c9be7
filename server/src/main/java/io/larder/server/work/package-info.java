/**
 * Background work: a pool whose workers steal from one another, and an actor per shard on it, so
 * that no two tasks of a shard overlap.
 *
 * <p>Imports {@code metrics}.
 */
@NullMarked
package io.larder.server.work;

import org.jspecify.annotations.NullMarked;
