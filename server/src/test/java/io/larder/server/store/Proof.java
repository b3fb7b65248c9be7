package io.larder.server.store;

/**
 * Something that holds for the store and fails, as an {@link AssertionError}, for a broken twin.
 */
interface Proof {
    /** Fails if it does not hold for stores put together by {@code assembly}. */
    void holdFor(ShardAssembly assembly);
}
