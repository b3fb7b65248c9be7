/**
 * Keeps free segments coming: below the low watermark, shards are told to reclaim until the high
 * one is reached, on the maintenance pool; a starved writer does one segment itself.
 *
 * <p>Imports {@code store}, {@code accesslog}, {@code policy}, {@code work} and {@code metrics}.
 */
@NullMarked
package io.larder.server.evict;

import org.jspecify.annotations.NullMarked;
