/**
 * Has Prometheus's own checker look at what a server shows it.
 *
 * <p>May import {@code io.larder.bench}.
 */
@NullMarked
package io.larder.bench.metrics;

import org.jspecify.annotations.NullMarked;
