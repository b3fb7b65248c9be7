/**
 * Whether what memory has no room for is found again on disk, and what that costs those who find
 * theirs in memory.
 */
@NullMarked
package io.larder.bench.overflow;

import org.jspecify.annotations.NullMarked;
