package io.larder.client.api;

/**
 * What servers count of a region, for all clients together; the counts are since the servers'
 * starts.
 *
 * @param items stored and not yet reclaimed
 * @param bytes of those, with what is kept beside each
 * @param hits reads that found their key
 * @param misses reads that did not
 * @param writes items stored
 * @param evictions items dropped for room
 */
public record RegionStats(
        long items, long bytes, long hits, long misses, long writes, long evictions) {
    /** Of two servers together. */
    public RegionStats plus(RegionStats other) {
        return new RegionStats(
                items + other.items,
                bytes + other.bytes,
                hits + other.hits,
                misses + other.misses,
                writes + other.writes,
                evictions + other.evictions);
    }
}
