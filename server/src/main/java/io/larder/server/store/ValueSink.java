package io.larder.server.store;

/**
 * Where a read puts the value it finds.
 *
 * <p>Called on the reading thread, possibly several times in one read and with bytes that turn out
 * to be garbage: a lock-free read is validated after the copy. Only the last call before {@link
 * ReadStatus#HIT} counts, and none before {@link ReadStatus#MISS}. So a sink writes beyond its
 * buffer's end without moving it, and commits once the read has answered.
 */
@FunctionalInterface
public interface ValueSink {
    /** Takes what it wants of the item, which is valid only during the call. Must not throw. */
    void accept(ItemView item);

    /** Whether a hit counts as a use of the item, as eviction sees it. */
    default boolean countsAsUse() {
        return true;
    }
}
