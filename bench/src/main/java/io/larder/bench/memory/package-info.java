/** {@code bench memory}: what an item costs beside its bytes, and what a budget costs in all. */
@NullMarked
package io.larder.bench.memory;

import org.jspecify.annotations.NullMarked;
