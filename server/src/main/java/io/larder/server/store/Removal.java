package io.larder.server.store;

/**
 * An item that is gone.
 *
 * @param cause why
 * @param shard where it was
 * @param space the incarnation of its region
 * @param hash the keyed hash of space and key
 * @param version the item's; where it was deleted, the deletion's
 * @param key its whole key, the receiver's to keep
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Removal(
        RemovalCause cause, int shard, int space, long hash, long version, byte[] key) {}
