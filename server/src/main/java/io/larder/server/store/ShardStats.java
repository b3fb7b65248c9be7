package io.larder.server.store;

/**
 * One shard's figures, as {@link StoreStats} has them for all.
 *
 * @param items live items
 * @param bytesLive bytes of items reachable and not expired
 * @param bytesDead bytes not yet reclaimed
 * @param bytesExpired bytes of items past their expiry and not yet reclaimed
 * @param bytesIndex bytes of its index
 * @param bytesWritten bytes appended by callers since the start
 * @param bytesRelocated bytes appended by eviction since the start
 * @param evictions live items dropped for room since the start
 * @param expirations items reclaimed past their expiry since the start
 */
public record ShardStats(
        int shard,
        long items,
        long bytesLive,
        long bytesDead,
        long bytesExpired,
        long bytesIndex,
        long bytesWritten,
        long bytesRelocated,
        long evictions,
        long expirations) {}
