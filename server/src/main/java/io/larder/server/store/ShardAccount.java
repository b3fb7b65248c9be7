package io.larder.server.store;

/**
 * What lies in one shard, by kind: kept exact with every item stored, retired or recycled. Under
 * the shard's lock. A tombstone counts as dead bytes from the start.
 */
final class ShardAccount {
    /** Bytes copied per byte written, over time: a write amplification of at most three. */
    private static final int COPIES_PER_WRITE_MAX = 2;

    private static final long COPY_CREDIT_MAX = 64L << 20;

    final ExpiryLedger expiry;
    private long items;
    private long itemBytes;
    private long payloadBytes;
    private long deadBytes;
    private int chainSegments;

    // Since the start.
    long evictions;
    long expirations;
    long relocations;
    long bytesWritten;
    long bytesRelocated;
    private long copyCredit;

    ShardAccount(long nowMillis) {
        expiry = new ExpiryLedger(nowMillis);
    }

    void stored(long expiryMillis, int bytes, int payload) {
        items++;
        itemBytes += bytes;
        payloadBytes += payload;
        expiry.add(expiryMillis, bytes);
    }

    void retired(long expiryMillis, int bytes, int payload) {
        items--;
        itemBytes -= bytes;
        payloadBytes -= payload;
        expiry.remove(expiryMillis, bytes);
    }

    /** So many segments are now in chains of items stored, or are no longer. */
    void chained(int segments) {
        chainSegments += segments;
        assert chainSegments >= 0 : chainSegments;
    }

    /** Segments in the chains of this shard's items. */
    int chainSegments() {
        return chainSegments;
    }

    /** A caller's item was appended. */
    void written(int bytes) {
        bytesWritten += bytes;
        copyCredit = Math.min(COPY_CREDIT_MAX, copyCredit + (long) COPIES_PER_WRITE_MAX * bytes);
    }

    /** An item was copied on. */
    void relocated(int bytes) {
        relocations++;
        bytesRelocated += bytes;
        copyCredit = Math.max(-COPY_CREDIT_MAX, copyCredit - bytes);
    }

    /** How many bytes may be copied before more are copied than {@link #COPIES_PER_WRITE_MAX}. */
    long copyCredit() {
        return copyCredit;
    }

    void died(int bytes) {
        deadBytes += bytes;
    }

    void recycled(int bytes) {
        deadBytes -= bytes;
        assert deadBytes >= 0 : deadBytes;
    }

    long items() {
        return items - expiry.expiredItems();
    }

    long bytesLive() {
        return itemBytes - expiry.expiredBytes();
    }

    long bytesDead() {
        return deadBytes;
    }

    /** Bytes beside key and value of everything that is not dead. */
    long bytesBesidePayload() {
        return itemBytes - payloadBytes;
    }

    /** Items that are not dead, expired or not. */
    long itemsLinked() {
        return items;
    }
}
