package io.larder.server;

import static java.util.Objects.requireNonNull;

import io.larder.server.accesslog.AccessDrain;
import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import io.larder.server.accesslog.EventListener;
import io.larder.server.accesslog.EventLog;
import io.larder.server.accesslog.StoreLogs;
import io.larder.server.embedded.LarderMap;
import io.larder.server.embedded.RegionMap;
import io.larder.server.embedded.RegionMap.Workers;
import io.larder.server.evict.Evictor;
import io.larder.server.expiry.ExpiryTask;
import io.larder.server.insight.KeyInsight;
import io.larder.server.lease.LeaseListener;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.ThreadStripes;
import io.larder.server.policy.Admission;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.push.TrackedChanges;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Fate;
import io.larder.server.store.ItemPlace;
import io.larder.server.store.Key;
import io.larder.server.store.MemoryStatus;
import io.larder.server.store.NamedKey;
import io.larder.server.store.ShardStats;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SnapshotSource;
import io.larder.server.store.Spaces;
import io.larder.server.store.Store;
import io.larder.server.store.StoreCheck;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreListener;
import io.larder.server.store.StoreMemory;
import io.larder.server.tier.OverflowTier;
import io.larder.server.tier.RocksOverflowTier;
import io.larder.server.tier.StoreIdentity;
import io.larder.server.tier.TierConfig;
import io.larder.server.warm.WarmException;
import io.larder.server.warm.WarmSettings;
import io.larder.server.warm.WarmStart;
import io.larder.server.warm.WarmState;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in this process with everything that keeps it going: clock, eviction, workers. A server
 * is built on one; a program may use one as a library. For any thread; {@link #close} ends its
 * threads, the arena goes when nothing refers to it.
 */
public final class LarderStore implements AutoCloseable {
    /** Accesses handed over per turn. */
    private static final int DRAIN_ENTRIES = 8192;

    /** Samples handed over per turn. */
    private static final int DRAIN_SAMPLES = 2048;

    /** Events told per turn. */
    private static final int TELL_EVENTS = 1024;

    private final TickingClock clock;
    private final MaintenancePool pool;
    private final Workers workers;
    private final RegionTable regions;
    private final ShardedStore store;
    private final AccessLog accesses;
    private final EventLog events;
    private final Evictor evictor;
    private @Nullable RocksOverflowTier overflow; // before anybody uses the store
    private final StoreListener listener;
    private volatile @Nullable KeyInsight insight; // null while nobody wants it
    private final @Nullable WarmStart warm;

    private LarderStore(
            TickingClock clock,
            MaintenancePool pool,
            Workers workers,
            ShardedStore store,
            AccessLog accesses,
            RegionTable regions,
            EventLog events,
            Evictor evictor,
            StoreListener listener,
            @Nullable WarmStart warm) {
        this.clock = clock;
        this.pool = pool;
        this.workers = workers;
        this.regions = regions;
        this.store = store;
        this.accesses = accesses;
        this.events = events;
        this.evictor = evictor;
        this.listener = listener;
        this.warm = warm;
    }

    /**
     * Opens a store of {@code memoryBytes} for this machine's processors, to be used as a library:
     * see {@link #map(String)}.
     *
     * @throws IllegalArgumentException if the budget is too small
     */
    public static LarderStore open(long memoryBytes) {
        return open(configOf(memoryBytes, workersOfMachine()));
    }

    /**
     * Opens a store to be used as a library: see {@link #map(String)}. What a background task
     * throws goes to the default handler of uncaught exceptions.
     *
     * @throws OutOfMemoryError when the arena cannot be had
     */
    public static LarderStore open(StoreConfig config) {
        AtomicReference<LarderStore> opened = new AtomicReference<>();
        RegionTable regions =
                new RegionTable(space -> requireNonNull(opened.get()).reclaimCleared());
        LarderStore store =
                open(
                        config,
                        workersOfMachine(),
                        regions,
                        error ->
                                Thread.currentThread()
                                        .getThreadGroup()
                                        .uncaughtException(Thread.currentThread(), error));
        opened.set(store);
        store.attach();
        return store;
    }

    private static int workersOfMachine() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** The usual configuration for a budget on this machine, with a random hash seed. */
    public static StoreConfig configOf(long memoryBytes, int workers) {
        return configOf(memoryBytes, memoryBytes, workers);
    }

    /**
     * The same for a budget that can be raised to {@code memoryBytesMax}.
     *
     * @throws IllegalArgumentException if that is less than the budget
     */
    public static StoreConfig configOf(long memoryBytes, long memoryBytesMax, int workers) {
        SecureRandom random = new SecureRandom();
        return StoreConfig.of(
                memoryBytes,
                memoryBytesMax,
                Runtime.getRuntime().availableProcessors(),
                workers + 1,
                random.nextLong(),
                random.nextLong());
    }

    /**
     * Opens a store of which nobody is told anything.
     *
     * @param workers maintenance threads
     * @param regions say which spaces are in use; whoever makes them has {@link #reclaimCleared}
     *     called when one is cleared
     * @param errors told of whatever a background task throws
     * @throws OutOfMemoryError when the arena cannot be had
     */
    public static LarderStore open(
            StoreConfig config, int workers, RegionTable regions, Consumer<Throwable> errors) {
        return open(config, workers, regions, new Pushes(PushConfig.DEFAULT), errors);
    }

    /**
     * Opens a store, as above.
     *
     * @param pushes told of every change
     */
    public static LarderStore open(
            StoreConfig config,
            int workers,
            RegionTable regions,
            Pushes pushes,
            Consumer<Throwable> errors) {
        return openIn(config, workers, regions, pushes, errors, null);
    }

    /**
     * Opens a store, as above, in a file that outlives it: what was left there is found again by
     * {@link #attach}.
     *
     * @throws WarmException naming the file, if it cannot be had
     */
    public static LarderStore open(
            StoreConfig config,
            int workers,
            RegionTable regions,
            Pushes pushes,
            Consumer<Throwable> errors,
            WarmSettings settings)
            throws WarmException {
        WarmStart warm = WarmStart.open(settings, config);
        boolean isOpen = false;
        try {
            LarderStore opened = openIn(warm.config(), workers, regions, pushes, errors, warm);
            isOpen = true;
            return opened;
        } finally {
            if (!isOpen) {
                warm.close();
            }
        }
    }

    private static LarderStore openIn(
            StoreConfig config,
            int workers,
            RegionTable regions,
            Pushes pushes,
            Consumer<Throwable> errors,
            @Nullable WarmStart warm) {
        TickingClock clock =
                warm == null ? new TickingClock() : new TickingClock(warm.startMillis());
        Evictor evictor = new Evictor();
        AccessLog accesses = new AccessLog();
        Admission admission =
                Admission.ofBudget(
                        config.memoryBytes(), config.shards(), Runtime.getRuntime().maxMemory());
        EventLog events = new EventLog(clock, errors);
        StoreListener listener = new TrackedChanges(new StoreLogs(accesses, events), pushes);
        ShardedStore store;
        try {
            store =
                    ShardedStore.open(
                            config,
                            warm == null
                                    ? StoreMemory.passing(config, OffHeapMemory::allocate)
                                    : warm.memory(),
                            clock,
                            accesses,
                            evictor,
                            listener,
                            shard -> Evictor.policy(admission, shard));
        } catch (Throwable e) {
            clock.close();
            throw e;
        }
        MaintenancePool pool = new MaintenancePool(workers, errors);
        evictor.attach(store, pool, regions, shard -> new ExpiryTask(store, shard), errors);
        LarderStore opened =
                new LarderStore(
                        clock,
                        pool,
                        new Workers(pool, workers),
                        store,
                        accesses,
                        regions,
                        events,
                        evictor,
                        listener,
                        warm);
        opened.startBeating(opened.learners(Evictor.accesses(admission), pushes), errors);
        events.onDrainDue(new ShardActor(pool, events::drain, TELL_EVENTS, errors)::request);
        return opened;
    }

    private AccessSink learners(AccessSink admission, Pushes pushes) {
        return (entries, count) -> {
            admission.accept(entries, count);
            if (pushes.looksForHotKeys()) {
                pushes.learn(entries, count);
            }
            KeyInsight learner = insight;
            if (learner != null) {
                learner.accept(entries, count);
            }
        };
    }

    /** Begins what is done by the clock's beat, or when an access ring fills. */
    private void startBeating(AccessSink sink, Consumer<Throwable> errors) {
        AccessDrain drain = drain(budget -> accesses.drain(sink, budget), AccessDrain.SHARE);
        AccessDrain sampleDrain = drain(this::drainSamples, AccessDrain.SHARE_OF_SAMPLE);
        ShardActor drainer = new ShardActor(pool, drain::run, DRAIN_ENTRIES, errors);
        ShardActor sampleDrainer = new ShardActor(pool, sampleDrain::run, DRAIN_SAMPLES, errors);
        accesses.onDrainDue(
                () -> {
                    if (drain.isDue()) {
                        drainer.request();
                    }
                    if (sampleDrain.isDue() && insight != null) {
                        sampleDrainer.request();
                    }
                });
        clock.onBeat(
                errors,
                ThreadStripes::releaseDead,
                drainer::request,
                sampleDrainer::request,
                this::requestExpiries,
                evictor::requestUnderLimit,
                this::keepTime);
    }

    /** Writes the time where the next server on the file finds it. */
    private void keepTime() {
        if (warm != null) {
            warm.beat(clock.nowMillis());
        }
    }

    private static AccessDrain drain(IntConsumer drain, double share) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new AccessDrain(drain, share, System::nanoTime, processors);
    }

    private void drainSamples(int budget) {
        KeyInsight learner = insight;
        if (learner != null) {
            learner.drain(budget);
        }
    }

    /**
     * Keeps the regions' settings and accounts from now on and, if there is a file, the regions
     * themselves; finds again what an earlier process left there. Before any other operation.
     *
     * <p>Locking: blocks until all is done.
     */
    public void attach() {
        if (warm != null) {
            regions.resume(warm.regions());
        }
        regions.attach(store.spaces());
        if (warm != null && warm.hasContent()) {
            store.rebuild(pool, workers.threads(), regions, warm.state().progress());
            warm.rebuilt();
        }
    }

    private void requestExpiries() {
        for (int shard = 0; shard < store.shardCount(); shard++) {
            if (store.expects(shard)) {
                evictor.upkeep(shard);
            }
        }
    }

    /** The map of the default region. */
    public LarderMap map() {
        return new RegionMap(store, clock, regions, RegionTable.DEFAULT_ID, workers);
    }

    /**
     * The map of the region of this name, which is made if it is not there; its entries are its
     * own, its memory is shared.
     *
     * @throws IllegalArgumentException if it is no name for a region
     * @throws IllegalStateException if there are too many
     */
    public LarderMap map(String region) {
        try {
            return new RegionMap(store, clock, regions, regions.open(region), workers);
        } catch (RegionLimitException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The store. */
    public Store store() {
        return store;
    }

    /**
     * Has what memory has no room for kept on disk, until {@link #close}. Before the first write.
     *
     * @throws IOException naming the path and the reason
     */
    OverflowTier openOverflow(TierConfig config, MetricsRegistry metrics) throws IOException {
        RocksOverflowTier opened =
                RocksOverflowTier.open(
                        config,
                        new RocksOverflowTier.Services(store, clock, regions),
                        warm == null ? StoreIdentity.NONE : identity(warm, warm.resumedStop()),
                        metrics);
        overflow = opened;
        return opened;
    }

    private static StoreIdentity identity(WarmStart warm, long stopId) {
        StoreConfig config = warm.config();
        return new StoreIdentity(config.hashSeed0(), config.hashSeed1(), config.shards(), stopId);
    }

    /** What happens in the store, and whatever else is offered to it. */
    EventLog events() {
        return events;
    }

    /** Where a key's item lies; null if it is a miss. Locking: the shard's lock. */
    public @Nullable ItemPlace place(Key key) {
        return store.place(key);
    }

    /** Has what becomes of keys noted, of so many at least; 0 is none. Before the first write. */
    void keepRemovals(int count) {
        if (count > 0) {
            store.keepRemovals(count);
        }
    }

    /** What became of a key. Locking: the shard's lock. */
    Fate fate(Key key) {
        return store.fate(key, regions);
    }

    /** The key of an item by its hash; null if there is none. Locking: the shard's lock. */
    @Nullable NamedKey named(long hash) {
        return store.named(hash, regions);
    }

    /** Has it learnt from what happens in this store. Before the first operation. */
    void learn(KeyInsight learner) {
        store.sample(learner.sampler());
        insight = learner;
    }

    /**
     * Holds index, segments and counters against each other. Locking: each shard's lock in turn,
     * for a little each time.
     */
    public StoreCheck check() {
        return store.check();
    }

    /** Each shard's figures. Locking: each shard's lock in turn. */
    public List<ShardStats> shardStats() {
        return store.shardStats();
    }

    /** Has what has expired reclaimed in the background. */
    public void expire() {
        for (int shard = 0; shard < store.shardCount(); shard++) {
            evictor.upkeep(shard);
        }
    }

    /** Adds the figures of what goes on around the store. */
    void registerMetrics(MetricsRegistry registry) {
        accesses.registerMetrics(registry);
        events.registerMetrics(registry);
        if (warm != null) {
            warm.state().registerMetrics(registry);
        }
    }

    /**
     * Has a listener told of what happens to items from now on: of every write that is not visible
     * to the caller yet when this returns, and perhaps of some that are. Locking: each shard's lock
     * in turn.
     */
    public void watch(EventListener listener) {
        events.add(listener);
        store.awaitWriters();
    }

    /** What tells those who watch of leases on this store. */
    LeaseListener leaseListener() {
        return new LeaseEvents(events, store::shardOf);
    }

    /** Ends {@link #watch}; a call under way may still reach the listener. */
    public void unwatch(EventListener listener) {
        events.remove(listener);
    }

    /**
     * Changes the memory limit. A raise is there at once; what a lower limit takes away is emptied
     * in the background, as by eviction, while writers go on.
     *
     * <p>Locking: blocks while another thread changes it.
     *
     * @return the state right after; {@link MemoryStatus#excessBytes} says what is still to go
     * @throws IllegalArgumentException naming the bounds, if {@code bytes} is outside of them
     */
    public MemoryStatus setMemoryLimit(long bytes) {
        if (warm != null && bytes <= store.memoryStatus().limitBytesMax()) {
            reserve(warm, bytes);
        }
        MemoryStatus status = store.setMemoryLimit(bytes);
        evictor.requestUnderLimit();
        return status;
    }

    private static void reserve(WarmStart warm, long bytes) {
        try {
            warm.reserve(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "memoryLimitBytes: "
                            + bytes
                            + " (expected: what there is room for in the store's file: "
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** How a store in a file began; null if it is in none. */
    public @Nullable WarmState warmState() {
        return warm == null ? null : warm.state();
    }

    /** The memory limit and what is made of it. */
    public MemoryStatus memoryStatus() {
        return store.memoryStatus();
    }

    /** The settings and accounts of spaces. */
    public Spaces spaces() {
        return store.spaces();
    }

    /** The store, as one takes snapshots of it. */
    public SnapshotSource snapshotSource() {
        return store;
    }

    /** Who is told of every change, for engines of single regions. */
    StoreListener listener() {
        return listener;
    }

    /** The clock whose time the store's operations are told. */
    public Clock clock() {
        return clock;
    }

    /** Has the items of spaces that are no longer live dropped in the background. */
    public void reclaimCleared() {
        evictor.sweep();
    }

    /**
     * Ends maintenance and the clock, and leaves the store's file, if there is one, fit for the
     * next process. Idempotent. Locking: waits for running tasks.
     *
     * @throws UncheckedIOException if the file could not be finished: what is in it may be lost
     */
    @Override
    public void close() {
        pool.close();
        store.close();
        if (overflow != null) {
            closeOverflow(overflow);
        }
        clock.close();
        if (warm != null) {
            stop(warm);
        }
    }

    /** Before the manifest is written: a kill in between leaves neither of the two usable. */
    private void closeOverflow(RocksOverflowTier closed) {
        if (warm != null) {
            closed.keepFor(identity(warm, warm.nextStop()));
        }
        closed.close();
    }

    private void stop(WarmStart stopped) {
        try {
            stopped.stop(clock.nowMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
