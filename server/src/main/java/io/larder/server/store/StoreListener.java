package io.larder.server.store;

/**
 * Told of what was done to items, on the thread that did it, right after the shard's lock was given
 * back: no lock is held. Calls of several threads about one key may come in another order than what
 * they tell of; versions tell which was later. It must not block or throw.
 */
public interface StoreListener {
    /** Listens to nothing. */
    StoreListener NONE =
            new StoreListener() {
                @Override
                public void stored(int shard, Key key, long version, boolean isNew) {}

                @Override
                public void changed(Key key) {}

                @Override
                public boolean wants(RemovalCause cause) {
                    return false;
                }

                @Override
                public void removed(Removal removal) {}
            };

    /**
     * A key has a new value, or is new. {@code key} is the writer's and valid during the call.
     * Allocates nothing on the way here.
     */
    void stored(int shard, Key key, long version, boolean isNew);

    /**
     * The item of a key was deleted by a caller, or has another expiry. {@code key} is the writer's
     * and valid during the call. Allocates nothing on the way here, as a rule.
     */
    void changed(Key key);

    /**
     * Whether removals of a cause are to be told. Asked under the shard's lock: it only reads a
     * flag. Whoever raises that flag, then calls {@link ShardedStore#awaitWriters}, misses none
     * from then on.
     */
    boolean wants(RemovalCause cause);

    /** An item is gone. */
    void removed(Removal removal);
}
