package io.larder.server;

import io.larder.server.accesslog.AccessDrain;
import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import io.larder.server.evict.Evictor;
import io.larder.server.expiry.ExpiryTask;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.ThreadStripes;
import io.larder.server.policy.Admission;
import io.larder.server.store.Clock;
import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.Spaces;
import io.larder.server.store.Store;
import io.larder.server.store.StoreConfig;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import java.security.SecureRandom;
import java.util.function.Consumer;

/**
 * A store in this process with everything that keeps it going: clock, eviction, workers. A server
 * is built on one; a program may use one as a library. For any thread; {@link #close} ends its
 * threads, the arena goes when nothing refers to it.
 */
public final class LarderStore implements AutoCloseable {
    /** Accesses handed over per turn. */
    private static final int DRAIN_ENTRIES = 8192;

    private final TickingClock clock;
    private final MaintenancePool pool;
    private final ShardedStore store;
    private final AccessLog accesses;
    private final Evictor evictor;

    private LarderStore(
            TickingClock clock,
            MaintenancePool pool,
            ShardedStore store,
            AccessLog accesses,
            Evictor evictor) {
        this.clock = clock;
        this.pool = pool;
        this.store = store;
        this.accesses = accesses;
        this.evictor = evictor;
    }

    /**
     * Opens a store of {@code memoryBytes} for this machine's processors in which everything lives.
     *
     * @throws IllegalArgumentException if the budget is too small
     */
    public static LarderStore open(long memoryBytes) {
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return open(
                configOf(memoryBytes, workers),
                workers,
                Liveness.ALL,
                error ->
                        Thread.currentThread()
                                .getThreadGroup()
                                .uncaughtException(Thread.currentThread(), error));
    }

    /** The usual configuration for a budget on this machine, with a random hash seed. */
    public static StoreConfig configOf(long memoryBytes, int workers) {
        SecureRandom random = new SecureRandom();
        return StoreConfig.of(
                memoryBytes,
                Runtime.getRuntime().availableProcessors(),
                workers + 1,
                random.nextLong(),
                random.nextLong());
    }

    /**
     * Opens a store.
     *
     * @param workers maintenance threads
     * @param liveness says which spaces are in use
     * @param errors told of whatever a background task throws
     * @throws OutOfMemoryError when the arena cannot be had
     */
    public static LarderStore open(
            StoreConfig config, int workers, Liveness liveness, Consumer<Throwable> errors) {
        TickingClock clock = new TickingClock();
        Evictor evictor = new Evictor();
        AccessLog accesses = new AccessLog();
        Admission admission = Admission.ofBudget(config.memoryBytes(), config.shards());
        ShardedStore store;
        try {
            store =
                    ShardedStore.open(
                            config,
                            OffHeapMemory::allocate,
                            clock,
                            accesses,
                            evictor,
                            shard -> Evictor.policy(admission, shard));
        } catch (Throwable e) {
            clock.close();
            throw e;
        }
        MaintenancePool pool = new MaintenancePool(workers, errors);
        evictor.attach(store, pool, liveness, shard -> new ExpiryTask(store, shard), errors);
        LarderStore opened = new LarderStore(clock, pool, store, accesses, evictor);
        opened.startBeating(Evictor.accesses(admission), errors);
        return opened;
    }

    /** Begins what is done by the clock's beat, or when an access ring fills. */
    private void startBeating(AccessSink sink, Consumer<Throwable> errors) {
        AccessDrain drain =
                new AccessDrain(
                        accesses,
                        sink,
                        System::nanoTime,
                        Runtime.getRuntime().availableProcessors());
        ShardActor drainer = new ShardActor(pool, drain::run, DRAIN_ENTRIES, errors);
        accesses.onDrainDue(
                () -> {
                    if (drain.isDue()) {
                        drainer.request();
                    }
                });
        clock.onBeat(
                () -> {
                    ThreadStripes.releaseDead();
                    drainer.request();
                    requestExpiries();
                });
    }

    private void requestExpiries() {
        for (int shard = 0; shard < store.shardCount(); shard++) {
            if (store.expects(shard)) {
                evictor.upkeep(shard);
            }
        }
    }

    /** The store. */
    public Store store() {
        return store;
    }

    /** Adds the figures of what goes on around the store. */
    void registerMetrics(MetricsRegistry registry) {
        accesses.registerMetrics(registry);
    }

    /** The settings and accounts of spaces. */
    public Spaces spaces() {
        return store.spaces();
    }

    /** The clock whose time the store's operations are told. */
    public Clock clock() {
        return clock;
    }

    /** Has the items of spaces that are no longer live dropped in the background. */
    public void reclaimCleared() {
        evictor.sweep();
    }

    /** Ends maintenance and the clock. Idempotent. Locking: waits for running tasks. */
    @Override
    public void close() {
        pool.close();
        store.close();
        clock.close();
    }
}
