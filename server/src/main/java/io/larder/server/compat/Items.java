package io.larder.server.compat;

import io.larder.server.command.CommandServices;
import io.larder.server.lease.Leases;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.EntryFunction;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.OverflowTier;
import org.jspecify.annotations.Nullable;

/**
 * The items of region 0 as other protocols see them: those that are known not to exist are absent,
 * and every write ends the key's lease. One event loop; its time stands still from one {@link
 * #startBatch} to the next.
 */
public final class Items {
    /** The last expiry that is not "never". */
    public static final long EXPIRY_LAST_MILLIS = Mutation.NEVER - 1;

    private static final int REGION = RegionTable.DEFAULT_ID;

    private final Store store;
    private final Clock clock;
    private final RegionTable regions;
    private final Leases leases;
    private final Pushes pushes;
    private final OverflowTier tier;
    private final int valueBytesMax;
    private final ItemSink probe = new ProbeSink();
    private long nowMillis;
    private int space;
    private @Nullable DiskWait fetched;
    private boolean isFromDisk; // the item last looked for

    private static final class ProbeSink extends ItemSink {
        @Override
        public boolean countsAsUse() {
            return false;
        }
    }

    /** The items of these services' store. */
    public Items(CommandServices services) {
        store = services.store();
        clock = services.clock();
        regions = services.regions();
        leases = services.leases();
        pushes = services.pushes();
        tier = services.overflow();
        valueBytesMax = services.limits().valueBytesMax();
        startBatch();
    }

    /** Reads the clock, and asks for the region's space. */
    public void startBatch() {
        nowMillis = clock.nowMillis();
        space = regions.space(REGION);
    }

    /** The store's time, by which all of a batch is judged. */
    public long nowMillis() {
        return nowMillis;
    }

    /** The same as Unix time. */
    public long nowUnixMillis() {
        return nowMillis + Clock.EPOCH_UNIX_MILLIS;
    }

    /** The space that keys are in. */
    public int space() {
        return space;
    }

    /** The store they are in. */
    public Store store() {
        return store;
    }

    /** Bytes of the longest value. */
    public int valueBytesMax() {
        return valueBytesMax;
    }

    /** What a request that names no end gets: the region's default lifetime, else none. */
    public long defaultExpiryMillis() {
        long ttlMillis = regions.defaultTtlMillis(REGION);
        return ttlMillis == 0 ? Mutation.NEVER : expiryAfter(ttlMillis);
    }

    /** The expiry so many milliseconds from now; past if there are none. */
    public long expiryAfter(long ttlMillis) {
        if (ttlMillis <= 0) {
            return Math.max(0, nowMillis - 1);
        }
        return ttlMillis > EXPIRY_LAST_MILLIS - nowMillis
                ? EXPIRY_LAST_MILLIS
                : nowMillis + ttlMillis;
    }

    /** The expiry at a Unix time; one before the store's epoch is long past. */
    public static long expiryAt(long unixMillis) {
        long sinceEpoch = Math.max(unixMillis, Clock.EPOCH_UNIX_MILLIS) - Clock.EPOCH_UNIX_MILLIS;
        return Math.min(sinceEpoch, EXPIRY_LAST_MILLIS);
    }

    /** Has reads find what was fetched from disk for the present request; null for nothing. */
    void fetched(@Nullable DiskWait newFetched) {
        fetched = newFetched;
    }

    /** Looks a key up, and counts the read; the sink then has the item. Locking: as the store's. */
    public boolean read(Key key, ItemSink sink) {
        boolean isHit = look(key, sink);
        regions.countRead(REGION, isHit);
        if (tier.isAttached() && (isFromDisk || !isHit)) {
            tier.countRead(isHit);
        }
        return isHit;
    }

    /** The same without counting. */
    public boolean look(Key key, ItemSink sink) {
        sink.begin(nowMillis, valueBytesMax);
        isFromDisk = false;
        while (true) {
            long changes = tier.changes(key);
            if (store.get(key, nowMillis, sink) == ReadStatus.HIT) {
                return !sink.isNegative();
            }
            if (!tier.isAttached()) {
                return false;
            }
            if (fetched != null && fetched.read(key, nowMillis, sink)) {
                isFromDisk = true;
                return !sink.isNegative();
            }
            if (tier.stamp(key) != ShardOverflow.NONE || tier.changes(key) == changes) {
                return false;
            }
        }
    }

    /** Whether a key is there; neither counted nor a use of it. */
    public boolean exists(Key key) {
        return look(key, probe);
    }

    /** Stores what a mutation says, if its conditions hold. Locking: as the store's. */
    public WriteStatus put(Mutation mutation) {
        if (mutation.presence == Presence.PRESENT && !exists(mutation.key)) {
            return missing(mutation.key);
        }
        WriteStatus status = ended(mutation, store.put(mutation, nowMillis));
        if (status == WriteStatus.EXISTS && isNegative(mutation.key)) {
            mutation.presence = Presence.ANY;
            mutation.ifVersion = true;
            mutation.expectedVersion = probe.version();
            status = ended(mutation, store.put(mutation, nowMillis));
            return status == WriteStatus.VERSION_MISMATCH ? WriteStatus.EXISTS : status;
        }
        return status;
    }

    /**
     * Stores a value that is still to be loaded: whoever has the key's lease keeps it, so that no
     * further one begins. Locking: as the store's.
     */
    public WriteStatus putStale(Mutation mutation) {
        return store.put(mutation, nowMillis);
    }

    /** Puts bytes behind or before a value. Locking: as the store's. */
    public WriteStatus append(Mutation mutation, boolean atEnd) {
        return exists(mutation.key) || mayBeOnDisk(mutation.key)
                ? ended(mutation, store.append(mutation, atEnd, nowMillis))
                : missing(mutation.key);
    }

    /** Deletes. Locking: as the store's. */
    public WriteStatus delete(Mutation mutation) {
        if (isNegative(mutation.key)) {
            return missing(mutation.key);
        }
        WriteStatus status = store.delete(mutation, nowMillis);
        if (status == WriteStatus.MISSING && !mutation.ifVersion) {
            leases.onChange(mutation.key.hash(), Mutation.NO_FILL);
        }
        return ended(mutation, status);
    }

    /** Gives an item another expiry, and shows it if there is a sink. Locking: as the store's. */
    public WriteStatus touch(Mutation mutation, @Nullable ItemSink sink) {
        if (sink != null) {
            sink.begin(nowMillis, valueBytesMax);
        }
        if (isNegative(mutation.key)) {
            return missing(mutation.key);
        }
        WriteStatus status = store.touch(mutation, nowMillis, sink);
        return status == WriteStatus.MISSING ? missing(mutation.key) : status;
    }

    /** Adds to a signed number of 64 bits. Locking: as the store's. */
    public WriteStatus increment(Mutation mutation) {
        WriteStatus status = store.increment(mutation, nowMillis);
        if (status == WriteStatus.NOT_A_NUMBER && isNegative(mutation.key)) {
            WriteStatus cleared = store.delete(mutation, nowMillis);
            status = cleared == WriteStatus.DONE ? store.increment(mutation, nowMillis) : cleared;
        }
        return ended(mutation, status);
    }

    /** Changes several keys in one step, or none. Locking: as the store's. */
    public WriteStatus update(Mutation[] mutations, EntryFunction function) {
        WriteStatus status = store.update(mutations, nowMillis, function);
        if (status == WriteStatus.DONE) {
            for (Mutation mutation : mutations) {
                leases.onChange(mutation.key.hash(), Mutation.NO_FILL);
            }
        }
        return status;
    }

    /** Whether there is an item that says that the key does not exist; the probe then has it. */
    private boolean isNegative(Key key) {
        return !look(key, probe) && probe.isNegative();
    }

    private boolean mayBeOnDisk(Key key) {
        return tier.isAttached() && tier.stamp(key) != ShardOverflow.NONE;
    }

    /** Ends the lease of a key that was written. */
    private WriteStatus ended(Mutation mutation, WriteStatus status) {
        if (status == WriteStatus.DONE) {
            leases.onChange(mutation.key.hash(), mutation.fill);
        } else if (status == WriteStatus.MISSING) {
            pushes.changed(mutation.key);
        }
        return status;
    }

    /** A client may keep a copy of an item that was evicted; this was to change it. */
    private WriteStatus missing(Key key) {
        pushes.changed(key);
        return WriteStatus.MISSING;
    }
}
