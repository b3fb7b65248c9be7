/** {@code bench proof}: the long form of the checks that the build does in short. */
@NullMarked
package io.larder.bench.proof;

import org.jspecify.annotations.NullMarked;
