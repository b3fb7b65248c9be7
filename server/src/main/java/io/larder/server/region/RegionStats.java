package io.larder.server.region;

/**
 * A region's figures.
 *
 * @param settings what was settled for it
 * @param items items stored and not yet reclaimed
 * @param bytes their bytes, headers included
 * @param hits reads that found their key, since the start
 * @param misses reads that did not
 * @param writes items stored since the start
 * @param evictions items dropped for room since the start
 */
public record RegionStats(
        String name,
        RegionSettings settings,
        long items,
        long bytes,
        long hits,
        long misses,
        long writes,
        long evictions) {}
