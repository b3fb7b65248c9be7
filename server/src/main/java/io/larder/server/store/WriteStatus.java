package io.larder.server.store;

/** How a write ended. Anything but {@link #DONE} left the store as it was. */
public enum WriteStatus {
    /** Done; {@link Mutation#version} is the new version. */
    DONE,
    /** The key is absent and the operation needs it. */
    MISSING,
    /** The key is present and the operation wanted it absent. */
    EXISTS,
    /** The stored version (or the caller's version) does not allow it. */
    VERSION_MISMATCH,
    /** The stored value is not a decimal number of 64 bits, or the sum leaves that range. */
    NOT_A_NUMBER,
    /** The item would be larger than {@link Store#itemBytesMax()}. */
    TOO_LARGE,
    /** No room now: eviction has fallen behind. Worth trying again in a few milliseconds. */
    BUSY
}
