/** {@code bench locks}: the shard's lock beside the JDK's, and how much to copy under it. */
@NullMarked
package io.larder.bench.locks;

import org.jspecify.annotations.NullMarked;
