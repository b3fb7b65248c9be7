/**
 * {@code bench settings} and {@code bench admin}: whether a server serves on while operators change
 * it and look at it. May import the bench's root package and the Java client.
 */
@NullMarked
package io.larder.bench.operate;

import org.jspecify.annotations.NullMarked;
