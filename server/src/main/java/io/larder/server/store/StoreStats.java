package io.larder.server.store;

/**
 * What a store counts, at one moment.
 *
 * @param items live items: neither tombstones nor expired
 * @param memoryLimitBytes the present budget, for items, index and everything beside them
 * @param bytesLive bytes of items reachable and not expired, headers and padding included
 * @param bytesDead bytes of items overwritten, deleted or moved and not yet reclaimed
 * @param bytesExpired bytes of items past their expiry and not yet reclaimed
 * @param bytesIndex bytes of index chunks
 * @param bytesFree bytes of segments in the pool
 * @param overheadBytesPerItem bytes per live item beside key and value: header, padding and its
 *     share of the index
 * @param hits reads and touches that found their key
 * @param misses reads and touches that did not
 * @param evictions live items dropped for room
 * @param expirations items reclaimed past their expiry
 * @param relocations items copied by eviction
 * @param bytesWritten bytes appended by callers
 * @param bytesRelocated bytes appended by eviction
 * @param readsLocked reads that gave up on being lock-free
 * @param writesBusy writes refused for want of room
 * @param segments segments in the arena
 * @param segmentsFree segments in the pool
 * @param segmentsWithheld segments that the budget keeps out of use
 */
public record StoreStats(
        long items,
        long memoryLimitBytes,
        long bytesLive,
        long bytesDead,
        long bytesExpired,
        long bytesIndex,
        long bytesFree,
        double overheadBytesPerItem,
        long hits,
        long misses,
        long evictions,
        long expirations,
        long relocations,
        long bytesWritten,
        long bytesRelocated,
        long readsLocked,
        long writesBusy,
        int segments,
        int segmentsFree,
        int segmentsWithheld) {}
