package io.larder.server.push;

import io.larder.server.store.Key;
import io.larder.server.store.Removal;
import io.larder.server.store.StoreListener;

/**
 * Tells {@link Pushes} which keys have changed, and another listener everything. For any thread.
 *
 * <p>Evictions and expiries are not told: a copy of the value is still what was last written, and
 * who keeps it keeps it no longer than the item would have lived.
 */
public final class TrackedChanges implements StoreListener {
    private final StoreListener next;
    private final Pushes pushes;

    /** Tells both. */
    public TrackedChanges(StoreListener next, Pushes pushes) {
        this.next = next;
        this.pushes = pushes;
    }

    @Override
    public void stored(int shard, Key key, long version, boolean isNew) {
        pushes.changed(key);
        next.stored(shard, key, version, isNew);
    }

    @Override
    public void changed(Key key) {
        pushes.changed(key);
        next.changed(key);
    }

    @Override
    public boolean wantsRemovals() {
        return next.wantsRemovals();
    }

    @Override
    public void removed(Removal removal) {
        next.removed(removal);
    }
}
