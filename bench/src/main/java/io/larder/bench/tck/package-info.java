/**
 * Runs JSR-107's compatibility kit against the JCache provider and a server in a process of its
 * own.
 *
 * <p>May import {@code io.larder.bench}. The provider is not called but found, as by any program.
 */
@NullMarked
package io.larder.bench.tck;

import org.jspecify.annotations.NullMarked;
