package io.larder.server.store;

/**
 * What a space holds and what happened to its items.
 *
 * @param items items stored and not yet reclaimed, expired and invalidated ones included
 * @param bytes their bytes, headers and padding included
 * @param writes items stored since the start
 * @param evictions items dropped for room since the start
 */
public record SpaceStats(long items, long bytes, long writes, long evictions) {
    /** Of a space that holds nothing. */
    public static final SpaceStats NONE = new SpaceStats(0, 0, 0, 0);
}
