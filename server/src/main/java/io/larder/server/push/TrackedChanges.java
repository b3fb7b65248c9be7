package io.larder.server.push;

import io.larder.server.store.Key;
import io.larder.server.store.Removal;
import io.larder.server.store.RemovalCause;
import io.larder.server.store.StoreListener;

/**
 * Tells {@link Pushes} which keys have changed, and another listener everything. For any thread.
 *
 * <p>Evictions and expiries are told while some connection asks for them: other protocols' clients
 * do not know when what they keep a copy of ends. Larder's own do, and a copy of an evicted value
 * is still what was last written.
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
    public boolean wants(RemovalCause cause) {
        return (isLoss(cause) && pushes.tellsLosses()) || next.wants(cause);
    }

    private static boolean isLoss(RemovalCause cause) {
        return switch (cause) {
            case EXPIRED, EVICTED, CHAIN -> true;
            case DELETED, OVERWRITTEN, CLEARED -> false;
        };
    }

    @Override
    public void removed(Removal removal) {
        if (isLoss(removal.cause()) && pushes.tellsLosses()) {
            pushes.lost(removal.space(), removal.hash(), removal.key());
        }
        if (next.wants(removal.cause())) {
            next.removed(removal);
        }
    }
}
