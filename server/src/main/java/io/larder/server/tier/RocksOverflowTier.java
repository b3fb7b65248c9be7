package io.larder.server.tier;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.store.Clock;
import io.larder.server.store.Key;
import io.larder.server.store.Liveness;
import io.larder.server.store.OverflowedItem;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ValueSink;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.DiskReads.Fetch;
import io.larder.server.tier.TierHealth.State;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overflow tier of a store on RocksDB. For any thread; whoever opened it closes it, after the
 * store's maintenance has ended.
 */
/*
 *   evicted, under the shard's lock:   copy -> pending, batch -> directory names its stamp -> unlink
 *   changed, under the shard's lock:   the key's new item is linked -> directory names nothing
 *   writer, without it:                batch less what is not named any more -> disk -> not pending
 *   reader, without it:                memory · stamp · pending, else disk -> lock · is this stamp
 *                                      still named, is the item alive · unlock -> shown, taken back
 *
 * Why nothing stale is served. Let a directory name stamp s for key K at a moment t. The stamp was
 * named in the hold of the lock that evicted K's item, a copy of which is known by s and by nothing
 * else, before and after a restart. Every hold that has changed K since - put, deletion, increment,
 * append, touch, each entry of an update - has taken the name away, and no hold names s again. So
 * K's item at t is the copy, up to what ends an item without a write: its expiry, which is in the
 * copy; its region's clear, after which K is another key, as the space is hashed and compared; and
 * the floors of tags and prefixes, which are judged in the same hold, those included that memory has
 * been swept of (SweptFloors). What bytes lie where on disk is never asked. A read of the disk that
 * began before a change and ends after it brings s, which is not named any more.
 *
 * Void before acknowledged. The name is taken away in the hold of the lock in which the change takes
 * place; nothing has to reach the disk for it. A batch that is written a moment after that leaves
 * bytes nobody can find, which go with their file. Skipping them only saves the writing.
 *
 * Why a miss is true. K is in memory, or named here, or absent. It comes here by "name, then unlink"
 * and goes by "link, then take the name away", so at no moment is it in neither place. A reader who
 * misses in memory, then finds no name, may have looked in the wrong order for a key on its way: but
 * then a name was put in or taken out between, `changes` tells, and it looks again.
 *
 * Why no write starts from nothing. A write that depends on what is there judges presence under the
 * lock; where memory has nothing and a stamp is named it is not done (OVERFLOWED). It is tried again
 * once the item was taken back, and judged anew. The same holds for the begin of a fill.
 *
 * What can be lost, as if evicted: what shares its word with a later key, what the oldest file
 * takes along, victims beyond the bound of those that wait, and everything when the tier is off. All
 * of these leave the key absent for reads and writes alike, until it is written again; only a tier
 * that was slow comes back with what it had, less what was changed meanwhile.
 */
public final class RocksOverflowTier implements OverflowTier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RocksOverflowTier.class);
    private static final String ARTIFACT = "org.rocksdb:rocksdbjni:11.8.1";
    private static final long BEAT_MILLIS = 50;
    private static final long CLOSE_SECONDS_MAX = 10;

    /**
     * What a tier works with.
     *
     * @param store whose victims it keeps
     * @param clock the store's
     * @param liveness of its spaces
     */
    public record Services(ShardedStore store, Clock clock, Liveness liveness) {}

    private final TierConfig config;
    private final Services services;
    private final ShardedStore store;
    private final TierFiles files;
    private final DiskLog.Opener opener;
    private final TierHealth health;
    private final TierCounters counters = new TierCounters();
    private final PendingVictims pending;
    final ShardVictims[] shards;
    private final VictimWriter writer;
    private final DiskReads reads;
    private final AtomicInteger readsNow = new AtomicInteger();
    private final LongSupplier nanoTime;
    private volatile @Nullable DiskLog log; // the writer's to change
    private volatile boolean isClosing;
    private StoreIdentity keptFor = StoreIdentity.NONE; // before close
    private @Nullable Thread writerThread; // of start
    private @Nullable ExecutorService readers; // of start

    RocksOverflowTier(
            TierConfig config,
            Services services,
            TierFiles files,
            DiskLog.Opener opener,
            Executor readers,
            LongSupplier nanoTime) {
        this.config = config;
        this.services = services;
        this.store = services.store();
        this.files = files;
        this.opener = opener;
        this.nanoTime = nanoTime;
        this.health = new TierHealth(config, nanoTime);
        this.pending = new PendingVictims(config.pendingBytesMax());
        this.shards = new ShardVictims[store.shardCount()];
        this.writer = new VictimWriter(store, shards, pending, health, counters, () -> log);
        this.reads = new DiskReads(readers, this::fetch, counters);
        for (int id = 0; id < shards.length; id++) {
            shards[id] =
                    new ShardVictims(
                            id,
                            new Directory(config.directoryBytes() / shards.length),
                            health,
                            counters,
                            pending,
                            writer::submit);
        }
    }

    /**
     * Opens a tier and attaches it to a store, before the store's first write.
     *
     * @param identity of the store, if it has come back from a clean stop: what belongs to that is
     *     kept, anything else dropped
     * @throws IOException naming the path and the reason
     */
    public static RocksOverflowTier open(
            TierConfig config, Services services, StoreIdentity identity, MetricsRegistry metrics)
            throws IOException {
        requireRocks();
        TierFiles files = TierFiles.take(config.path());
        ExecutorService readers =
                Executors.newFixedThreadPool(config.readers(), daemons("larder-tier-read"));
        try {
            RocksOverflowTier tier =
                    new RocksOverflowTier(
                            config,
                            services,
                            files,
                            () -> new RocksLog(files.database(), config),
                            readers,
                            System::nanoTime);
            tier.readers = readers;
            tier.begin(identity);
            tier.registerMetrics(metrics);
            tier.startWriter();
            return tier;
        } catch (IOException | RuntimeException e) {
            readers.shutdown();
            files.close();
            throw e;
        }
    }

    private static void requireRocks() throws IOException {
        try {
            Class.forName("org.rocksdb.RocksDB", false, RocksOverflowTier.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IOException("needs " + ARTIFACT + " on the class path", e);
        }
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + '-' + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Opens the files and attaches the tier to its store. */
    void begin(StoreIdentity identity) throws IOException {
        Directory[] directories = directories();
        long[] marks = new long[ShardedStore.OVERFLOW_MARKS * shards.length];
        boolean isKept = TierMarker.read(files.cleanMarker(), identity, directories, marks);
        if (isKept) {
            Files.delete(files.cleanMarker());
        } else {
            Arrays.stream(directories).forEach(Directory::clear);
            files.reset();
        }
        log = opener.open();
        store.attachOverflow(id -> shards[id]);
        if (isKept) {
            store.restoreOverflowMarks(marks);
            LOG.info("disk tier: {} items of a clean stop", items());
        }
    }

    private Directory[] directories() {
        return Arrays.stream(shards).map(shard -> shard.directory).toArray(Directory[]::new);
    }

    private void startWriter() {
        Thread thread = daemons("larder-tier-write").newThread(this::runWriter);
        writerThread = thread;
        thread.start();
    }

    private void runWriter() {
        try {
            while (!isClosing) {
                step(BEAT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a batch if one comes in time, and looks whether the tier can be used again. */
    boolean step(long waitMillis) throws InterruptedException {
        boolean wrote = writer.step(waitMillis);
        recoverIfDue();
        return wrote;
    }

    /** On the writer's thread: it is not writing, and nobody begins to read while it is off. */
    private void recoverIfDue() {
        State from = health.state();
        if (!health.isRetryDue() || readsNow.get() != 0) {
            return;
        }
        if (from == State.BROKEN && !beginAnew()) {
            health.retryFailed();
            return;
        }
        health.recovered(from);
    }

    private boolean beginAnew() {
        try {
            DiskLog broken = log;
            log = null;
            if (broken != null) {
                broken.close();
            }
            files.reset();
            log = opener.open();
        } catch (IOException | RuntimeException e) {
            LOG.debug("disk tier: still off", e);
            return false;
        }
        store.clearOverflow();
        return true;
    }

    private @Nullable OverflowedItem fetch(Fetch fetch) {
        long startNanos = nanoTime.getAsLong();
        readsNow.incrementAndGet(); // before the look at whether it is on, see recoverIfDue
        try {
            DiskLog open = health.isOn() ? log : null;
            if (open == null) {
                return null;
            }
            byte[] bytes = pending.get(fetch.name());
            if (bytes == null) {
                bytes = open.read(fetch.name());
            }
            OverflowedItem item = bytes == null ? null : OverflowedItem.of(bytes, fetch.stamp);
            if (item == null) {
                counters.readsInVain.increment();
                store.forgetOverflowed(fetch.hash, fetch.stamp);
                return null;
            }
            takeBackIfWanted(fetch, item);
            return item;
        } catch (IOException e) {
            health.broken(e);
            return null;
        } finally {
            readsNow.decrementAndGet();
            counters.recordRead(nanoTime.getAsLong() - startNanos);
        }
    }

    private void takeBackIfWanted(Fetch fetch, OverflowedItem item) {
        boolean isWanted = fetch.takesBack() || shards[fetch.shard].directory.wasRead(fetch.hash);
        if (isWanted
                && services.liveness().isLive(item.space(), item.version())
                && store.takeBack(fetch.hash, item, services.clock().nowMillis())
                        == WriteStatus.DONE) {
            counters.takenBack.increment();
        }
    }

    @Override
    public boolean isAttached() {
        return true;
    }

    /** Whether it is in use at present. */
    boolean isOn() {
        return health.isOn();
    }

    @Override
    public long changes(Key key) {
        return victims(key).directory.changes();
    }

    @Override
    public long stamp(Key key) {
        long stamp = victims(key).stamp(key.hash());
        return stamp == key.passedOver() ? ShardOverflow.NONE : stamp;
    }

    private ShardVictims victims(Key key) {
        return shards[store.shardOf(key.hash())];
    }

    @Override
    public boolean fetch(Key key, long stamp, boolean takeBack, FetchWaiter waiter) {
        return reads.fetch(store.shardOf(key.hash()), key, stamp, takeBack, waiter);
    }

    @Override
    public ReadStatus read(Key key, Fetched fetched, long nowMillis, ValueSink sink) {
        OverflowedItem item = fetched.item();
        if (item == null) {
            key.passOver(fetched.stamp());
            return ReadStatus.MISS;
        }
        return store.getOverflowed(key, item, nowMillis, sink);
    }

    @Override
    public void fetchIsLate() {
        health.slow(config.fetchMillisMax());
    }

    @Override
    public long fetchMillisMax() {
        return config.fetchMillisMax();
    }

    @Override
    public void countRead(boolean isHit) {
        (isHit ? counters.hits : counters.misses).increment();
    }

    private long items() {
        return Arrays.stream(shards).mapToLong(shard -> shard.directory.items()).sum();
    }

    private long bytes() {
        DiskLog open = log;
        return open == null || !health.isOn() ? 0 : open.bytes();
    }

    private void registerMetrics(MetricsRegistry registry) {
        registry.register(
                        "tier_state",
                        "The disk tier: 1 on, 0 off for being slow, or for its disk's sake",
                        () -> health.isOn() ? 1 : 0)
                .register("tier_items", "Items on disk or on their way", this::items)
                .register("tier_bytes", "Bytes of files on disk", this::bytes)
                .register("tier_limit_bytes", "Their limit", config::bytesMax)
                .register("tier_memory_bytes", "Memory the tier may take", config::memoryBytes)
                .register("tier_queue_bytes", "Bytes that wait to be written", pending::bytes)
                .register("tier_reads_waiting", "Requests that wait for a fetch", reads::waiting)
                .registerCounter(
                        "tier_times_off", "How often it was switched off", health::timesOff);
        counters.register(registry);
    }

    /**
     * Has what is on disk outlive {@link #close}, for the store of this identity. Before close, and
     * after the store's last operation.
     */
    public void keepFor(StoreIdentity identity) {
        keptFor = identity;
    }

    /**
     * Ends the threads. What is on disk is deleted, unless it is kept.
     *
     * <p>Locking: each shard's lock in turn; waits for what is under way, ten seconds at most.
     */
    @Override
    public void close() {
        if (isClosing) {
            return;
        }
        store.endOverflowBatches();
        isClosing = true;
        if (endThreads()) {
            boolean isKept = health.isOn() && keptFor.outlives() && keep();
            health.close();
            closeFiles(isKept);
        } else {
            health.close();
            LOG.warn("disk tier: its disk does not answer; {} is left as it is", config.path());
        }
    }

    private void closeFiles(boolean isKept) {
        try (files) {
            DiskLog open = log;
            if (open != null) {
                open.close();
            }
            if (!isKept) {
                files.delete();
            }
        } catch (IOException e) {
            LOG.warn("disk tier: {} could not be closed well", config.path(), e);
        }
    }

    /** False if some thread is stuck: the files are left open then, under its feet. */
    private boolean endThreads() {
        boolean isAtRest = true;
        try {
            if (readers != null) {
                readers.shutdown();
                isAtRest = readers.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
            }
            Thread thread = writerThread;
            if (thread != null) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
                isAtRest &= !thread.isAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            isAtRest = false;
        }
        return isAtRest;
    }

    private boolean keep() {
        try {
            while (writer.step(0)) {
                // the batches that are left
            }
            DiskLog open = log;
            if (open == null || !health.isOn()) {
                return false;
            }
            open.flush();
            TierMarker.write(files.cleanMarker(), keptFor, directories(), store.overflowMarks());
            return true;
        } catch (IOException e) {
            LOG.warn("disk tier: not kept for the next start", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
