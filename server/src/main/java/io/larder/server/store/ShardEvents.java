package io.larder.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one hold of a shard's lock did, kept until the lock is given back and told then. Everything
 * but {@link #tell} needs the lock. A hold that stores or changes one item, as nearly all do,
 * allocates nothing here.
 */
final class ShardEvents {
    private static final List<Consumer<StoreListener>> NONE = List.of();

    private final int shard;
    private final ShardLock lock;
    private StoreListener listener = StoreListener.NONE;
    private @Nullable Key storedKey;
    private long storedVersion;
    private boolean storedIsNew;
    private @Nullable Key changedKey;
    private List<Consumer<StoreListener>> others = NONE;

    ShardEvents(int shard, ShardLock lock) {
        this.shard = shard;
        this.lock = lock;
    }

    /** Sets whom to tell. Before the shard is in use. */
    void listen(StoreListener listener) {
        this.listener = listener;
    }

    /** Keeps that a value was stored; {@code key} is the thread's that holds the lock. */
    void stored(Key key, long version, boolean isNew) {
        if (storedKey == null) {
            storedKey = key;
            storedVersion = version;
            storedIsNew = isNew;
        } else {
            add(to -> to.stored(shard, key, version, isNew));
        }
    }

    /** Keeps that an item was deleted, or has another expiry; {@code key} as above. */
    void changed(Key key) {
        if (changedKey == null) {
            changedKey = key;
        } else {
            add(to -> to.changed(key));
        }
    }

    boolean wants(RemovalCause cause) {
        return listener.wants(cause);
    }

    void removed(Removal removal) {
        add(to -> to.removed(removal));
    }

    private void add(Consumer<StoreListener> event) {
        if (others == NONE) {
            others = new ArrayList<>();
        }
        others.add(event);
    }

    /** Gives the lock back, then tells. */
    void unlockAndTell() {
        Key key = storedKey;
        long version = storedVersion;
        boolean isNew = storedIsNew;
        Key changed = changedKey;
        List<Consumer<StoreListener>> rest = others;
        storedKey = null;
        changedKey = null;
        others = NONE;
        lock.unlock();
        if (key != null) {
            listener.stored(shard, key, version, isNew);
        }
        if (changed != null) {
            listener.changed(changed);
        }
        tell(rest);
    }

    /** Gives the lock back; what it returns is to be told once no other lock is held either. */
    List<Consumer<StoreListener>> unlock() {
        Key key = storedKey;
        long version = storedVersion;
        boolean isNew = storedIsNew;
        if (key != null) {
            add(to -> to.stored(shard, key, version, isNew));
        }
        Key changed = changedKey;
        if (changed != null) {
            add(to -> to.changed(changed));
        }
        List<Consumer<StoreListener>> all = others;
        storedKey = null;
        changedKey = null;
        others = NONE;
        lock.unlock();
        return all;
    }

    /** Tells what {@link #unlock} returned. Locking: none held. */
    void tell(List<Consumer<StoreListener>> events) {
        for (int i = 0; i < events.size(); i++) {
            events.get(i).accept(listener);
        }
    }
}
