package io.larder.server.store;

/**
 * Says whether an item may still be seen, apart from its own expiry: a region that was cleared left
 * its space behind. Called under a shard's lock: computes, never blocks, never throws.
 */
@FunctionalInterface
public interface Liveness {
    /** Everything lives. */
    Liveness ALL = (space, version) -> true;

    /** Whether an item of {@code space} with {@code version} is still part of its region. */
    boolean isLive(int space, long version);
}
