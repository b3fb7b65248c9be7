/**
 * Whether a near cache ever serves a value that is too old: writers, and readers behind a proxy
 * that loses, delays and cuts off what the server pushes.
 *
 * <p>Threads: each writer and each reader has one. May import the client, {@code io.larder.faults}
 * and {@code io.larder.bench}.
 */
@NullMarked
package io.larder.bench.near;

import org.jspecify.annotations.NullMarked;
