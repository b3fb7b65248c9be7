package io.larder.server.store;

/**
 * A key that was known by its hash, by its name.
 *
 * @param space the incarnation of its region
 * @param key its bytes, the receiver's to keep
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record NamedKey(int space, byte[] key) {}
