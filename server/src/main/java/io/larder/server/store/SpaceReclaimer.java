package io.larder.server.store;

/** What a store asks of its maintenance. Called without any lock held. */
public interface SpaceReclaimer {
    /** Free segments have become few: have some reclaimed in the background. Does not block. */
    void request(int shard);

    /** Items were invalidated: have them dropped in the background. Does not block. */
    default void sweep() {}

    /**
     * A writer of {@code shard} found no segment: reclaim one now, on this thread if nobody else is
     * at it, else wait for whoever is. Bounded by the reclaimer; says whether it is worth trying
     * again.
     */
    boolean help(int shard);
}
