package io.larder.server.accesslog;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import io.larder.server.store.Removal;
import io.larder.server.store.RemovalCause;
import io.larder.server.store.StoreListener;

/**
 * Feeds both logs from the store's writes: new keys to the {@link AccessLog}, everything to the
 * {@link EventLog}. For any thread.
 */
public final class StoreLogs implements StoreListener {
    private final AccessLog accesses;
    private final EventLog events;

    /** Feeds these two. */
    public StoreLogs(AccessLog accesses, EventLog events) {
        this.accesses = accesses;
        this.events = events;
    }

    @Override
    public void stored(int shard, Key key, long version, boolean isNew) {
        if (isNew) {
            accesses.recordInsert(key.hash());
        }
        events.offer(EventType.STORED, shard, key.space(), key.hash(), key.bytes(), version);
    }

    @Override
    public void changed(Key key) {
        // a deletion is told as a removal, to those who want removals
    }

    @Override
    public boolean wants(RemovalCause cause) {
        return events.isWatched();
    }

    @Override
    public void removed(Removal removal) {
        events.offer(
                EventType.of(removal.cause()),
                removal.shard(),
                removal.space(),
                removal.hash(),
                Slice.of(removal.key()),
                removal.version());
    }
}
