package io.larder.server.store;

/** How a write ended. Anything but {@link #DONE} left the store as it was. */
public enum WriteStatus {
    /** Done; {@link Mutation#version} is the new version. */
    DONE,
    /** The key is absent and the operation needs it. */
    MISSING,
    /** The key is present and the operation wanted it absent. */
    EXISTS,
    /** The key is present with another version, {@link Mutation#version}. */
    VERSION_MISMATCH,
    /** The key is present with as high a caller's version, {@link Mutation#storedCallerVersion}. */
    NOT_NEWER,
    /** The {@link Mutation#fill} is not open any more: the key was changed, or it was ended. */
    CHANGED,
    /** The stored value is not a decimal number of 64 bits. */
    NOT_A_NUMBER,
    /** The sum leaves the range of 64 bits; {@link Mutation#number} is the number before. */
    NUMBER_OVERFLOW,
    /** The value would be longer than {@link Store#valueBytesMax()}. */
    TOO_LARGE,
    /** The lock was not to be had within {@link Mutation#lockNanosMax}. */
    TIMED_OUT,
    /** No room now: eviction has fallen behind. Worth trying again in a few milliseconds. */
    BUSY,
    /** The region's quota is used up, and nothing in it may be evicted; see {@link Spaces}. */
    OUT_OF_CAPACITY,
    /**
     * What the write depends on may be an item kept elsewhere, see {@link ShardOverflow}: to be
     * tried again once that was fetched. Only where something is kept elsewhere.
     */
    OVERFLOWED
}
