/**
 * {@code bench store}: the store in this process beside a map, caches and off-heap maps, by JMH,
 * one engine in each fork.
 */
@NullMarked
package io.larder.bench.store;

import org.jspecify.annotations.NullMarked;
