/**
 * {@code bench stampede}: many programs that want the same missing keys at once, with leases and
 * without, and one of them killed while it loads.
 */
@NullMarked
package io.larder.bench.stampede;

import org.jspecify.annotations.NullMarked;
