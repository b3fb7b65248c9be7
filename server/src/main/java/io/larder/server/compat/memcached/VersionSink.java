package io.larder.server.compat.memcached;

import io.larder.server.compat.ItemSink;
import io.larder.server.compat.Items;
import io.larder.server.store.Key;

/** What an item says beside its value, seen without being a use of it. One thread. */
final class VersionSink extends ItemSink {
    private boolean isHit;

    /** Looks a key up; false if it is absent. */
    boolean look(Items items, Key key) {
        isHit = items.look(key, this);
        return isHit;
    }

    /** Whether the last look has found something. */
    boolean isHit() {
        return isHit;
    }

    @Override
    public boolean countsAsUse() {
        return false;
    }
}
