/**
 * {@code bench crash} and {@code bench corrupt}: whether a server that comes back in its file is
 * what its callers know it to be, after it was killed and after the file was damaged.
 */
@NullMarked
package io.larder.bench.crash;

import org.jspecify.annotations.NullMarked;
