package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.protocol.file.RegionState;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.Removal;
import io.larder.server.store.RemovalCause;
import io.larder.server.store.StoreListener;

/**
 * What the operations of one region's engine share: its file, its stripes, which incarnation of the
 * region it keeps, and whom to tell. For any thread.
 */
final class ChronicleRegion {
    /*
     * Every write of a key is one hold of its stripe: read the record, decide, take a version,
     * write. So writes of one key are in one line, and versions rise along it. A read takes no
     * stripe: the map's own lock makes it see one whole record or another.
     *
     * A clear holds all stripes while it counts the epoch up, in the file first, and takes over the
     * region's new space. A write that comes later under the old space finds it is not this one's
     * any more, and is over: it is concurrent with the clear, as if it had come before. A record of
     * an older epoch is dead wherever it is met.
     *
     * An invalidation holds all stripes while it takes a version above all that were given, raises
     * every stripe to it, and has the floor in the file: what was written before is at most at the
     * floor, what comes later is above.
     *
     * Versions go on across restarts: the state has a bound above all that were given; it is moved
     * up, in the file first, before a version beyond it is given, about once a minute.
     */
    static final int STRIPES = 64;

    private static final int NO_SPACE = -1;
    private static final long VERSIONS_AHEAD = 60_000L << 8;
    private static final ThreadLocal<Workspace> WORKSPACES =
            ThreadLocal.withInitial(Workspace::new);

    final ChronicleFile file;
    final KeyHasher hasher;
    final StripedCounter hits = new StripedCounter();
    final StripedCounter misses = new StripedCounter();
    final StripedCounter full = new StripedCounter();
    final StripedCounter removedDead = new StripedCounter();
    private final StoreListener listener;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private volatile int space = NO_SPACE; // written under all stripes

    ChronicleRegion(ChronicleFile file, KeyHasher hasher, StoreListener listener) {
        this.file = file;
        this.hasher = hasher;
        this.listener = listener;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(i, file.state().versionBound());
        }
    }

    /** This thread's. */
    Workspace workspace() {
        return WORKSPACES.get();
    }

    /** Whether this is the space the region has now. */
    boolean isCurrent(int otherSpace) {
        return otherSpace == space;
    }

    int space() {
        return space;
    }

    /** The region has this space now: its first, or another because it is being cleared. */
    void define(int newSpace) {
        lockAll();
        try {
            if (space != NO_SPACE && space != newSpace) {
                file.change(RegionState::cleared);
            }
            space = newSpace;
        } finally {
            unlockAll();
        }
    }

    Stripe stripe(long hash) {
        return stripes[(int) (hash >>> 58)];
    }

    void lockAll() {
        for (Stripe stripe : stripes) {
            stripe.lock();
        }
    }

    void unlockAll() {
        for (Stripe stripe : stripes) {
            stripe.unlock();
        }
    }

    /** A version above all given before, which all that are given later are above. All stripes. */
    long cut(long nowMillis) {
        long cut = 0;
        for (Stripe stripe : stripes) {
            cut = Math.max(cut, stripe.nextVersion(nowMillis));
        }
        reserve(cut);
        for (Stripe stripe : stripes) {
            stripe.raiseTo(cut);
            stripe.fills.clear();
        }
        return cut;
    }

    /** The next version of a stripe that is held. */
    long nextVersion(Stripe stripe, long nowMillis) {
        long version = stripe.nextVersion(nowMillis);
        reserve(version);
        return version;
    }

    private void reserve(long version) {
        if (version >= file.state().versionBound()) {
            file.change(
                    state ->
                            version >= state.versionBound()
                                    ? state.withVersionBound(version + VERSIONS_AHEAD)
                                    : state);
        }
    }

    /** Whether a record is the item that its key has now. */
    boolean isLive(RegionRecord record, byte[] key, long nowMillis) {
        return !record.isExpired(nowMillis) && file.state().isCurrent(record, key);
    }

    // ---- telling, with no stripe held

    void stored(Mutation mutation, long version, boolean isNew) {
        listener.stored(0, mutation.key, version, isNew);
    }

    void changed(Key key) {
        listener.changed(key);
    }

    boolean wants(RemovalCause cause) {
        return listener.wants(cause);
    }

    void removed(RemovalCause cause, Key key, long version) {
        removed(cause, key.space(), key.hash(), version, key.bytes().toByteArray());
    }

    void removed(RemovalCause cause, int itemSpace, long hash, long version, byte[] key) {
        listener.removed(new Removal(cause, 0, itemSpace, hash, version, key));
    }
}
