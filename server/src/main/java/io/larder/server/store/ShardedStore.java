package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The store over shards of one arena. Owns the arena and everything in it; runs no thread of its
 * own: reclamation is what {@link SpaceReclaimer} arranges through {@link #reclaim}. For any
 * thread.
 *
 * <p>The arena is freed when nothing can reach this object any more, not when it is closed: a read
 * that outlives the close sees garbage at worst.
 */
public final class ShardedStore implements Store, SnapshotSource {
    /** The part of the memory limit that items which are never evicted may fill. */
    private static final int PINNED_PERCENT_MAX = 80;

    private final StoreConfig config;
    private final KeyHasher hasher;
    private final SegmentTable segments;
    private final VersionRecord versions;
    private final UploadShare uploads;
    private final Spaces spaces;
    private final StoreCounters counters = new StoreCounters();
    private final Shard[] shards;
    private final ShardReader[] readers;
    private final ShardScanner[] scanners;
    private final ShardWriter[] writers;
    private final LargeWriter[] larges;
    private final ShardUpdater[] updaters;
    private final SegmentRecycler[] recyclers;
    private final ShardReturns[] returns;
    private final ShardAssembly assembly;
    private final Function<Key, ShardWriter> writerOf = this::writerOf;
    private final SpaceReclaimer reclaimer;
    private final SegmentExpirer[] expirers;
    private final StoreSnapshot snapshot;
    private final AtomicBoolean inSnapshot = new AtomicBoolean();
    private final Clock clock;
    private final Object invalidations = new Object();
    private final Object limitChanges = new Object();
    private final int shardShift;
    private final IndexChunks chunks;
    private AccessSampler sampler = AccessSampler.NONE; // set before the first operation

    private ShardedStore(
            StoreConfig config,
            StoreMemory memory,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            StoreListener listener,
            IntFunction<ShardPolicy> policies,
            ShardAssembly assembly) {
        this.config = config;
        this.clock = clock;
        this.assembly = assembly;
        this.reclaimer = reclaimer;
        this.hasher = new KeyHasher(config.hashSeed0(), config.hashSeed1());
        this.versions = memory.versions;
        this.segments =
                new SegmentTable(
                        memory, config.segmentBytes(), config.copySegments(), config.memoryBytes());
        this.uploads = new UploadShare(segments.segments(), config.segmentBytes());
        uploads.limit(segments.budget().segments());
        this.spaces = new Spaces(config.shards());
        this.chunks = new IndexChunks(segments);
        int count = config.shards();
        this.shardShift = Long.SIZE - Integer.numberOfTrailingZeros(count);
        this.shards = new Shard[count];
        this.readers = new ShardReader[count];
        this.scanners = new ShardScanner[count];
        this.writers = new ShardWriter[count];
        this.larges = new LargeWriter[count];
        this.updaters = new ShardUpdater[count];
        this.recyclers = new SegmentRecycler[count];
        this.returns = new ShardReturns[count];
        this.expirers = new SegmentExpirer[count];
        for (int id = 0; id < count; id++) {
            HashIndex index = assembly.index(segments.arena(), chunks);
            long nowMillis = clock.nowMillis();
            SegmentLog log = assembly.log(segments, nowMillis);
            Shard shard = assembly.shard(id, segments, index, log, hasher, nowMillis);
            shard.spaces = spaces;
            shard.versions = versions;
            shard.events.listen(listener);
            ShardPolicy policy = policies.apply(id);
            shards[id] = shard;
            readers[id] = assembly.reader(shard, hitSink, counters.readsLocked);
            scanners[id] = assembly.scanner(shard, count, counters.readsLocked);
            WriteSteps steps = new WriteSteps(shard, policy, reclaimer, counters, uploads);
            larges[id] = steps.large;
            writers[id] = assembly.writer(steps);
            updaters[id] = new ShardUpdater(steps);
            returns[id] = assembly.returns(steps, hasher);
            recyclers[id] = assembly.recycler(shard, policy);
            expirers[id] = new SegmentExpirer(shard);
        }
        this.snapshot = new StoreSnapshot(shards, StoreSnapshot.CHAINS_PER_HOLD);
    }

    /**
     * Builds an empty store.
     *
     * @param allocator makes memory of a number of bytes: {@code OffHeapMemory::allocate}, or the
     *     heap twin's
     * @param clock for statistics and maintenance; operations are told the time
     * @param policies makes each shard's policy, by the shard's number
     * @throws OutOfMemoryError when the arena cannot be had
     */
    public static ShardedStore open(
            StoreConfig config,
            LongFunction<Memory> allocator,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            StoreListener listener,
            IntFunction<ShardPolicy> policies) {
        return open(
                config,
                StoreMemory.passing(config, allocator),
                clock,
                hitSink,
                reclaimer,
                listener,
                policies);
    }

    /**
     * The same in memory that may outlast it.
     *
     * @param memory of this configuration; if an earlier store left something there, it is not to
     *     be found before {@link #rebuild}
     */
    public static ShardedStore open(
            StoreConfig config,
            StoreMemory memory,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            StoreListener listener,
            IntFunction<ShardPolicy> policies) {
        return new ShardedStore(
                config, memory, clock, hitSink, reclaimer, listener, policies, new ShardAssembly());
    }

    /** The same, with nobody listening. */
    public static ShardedStore open(
            StoreConfig config,
            LongFunction<Memory> allocator,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            IntFunction<ShardPolicy> policies) {
        return open(config, allocator, clock, hitSink, reclaimer, StoreListener.NONE, policies);
    }

    static ShardedStore open(
            StoreConfig config,
            LongFunction<Memory> allocator,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            IntFunction<ShardPolicy> policies,
            ShardAssembly assembly) {
        StoreMemory memory = StoreMemory.passing(config, allocator);
        return open(config, memory, clock, hitSink, reclaimer, policies, assembly);
    }

    static ShardedStore open(
            StoreConfig config,
            StoreMemory memory,
            Clock clock,
            HitSink hitSink,
            SpaceReclaimer reclaimer,
            IntFunction<ShardPolicy> policies,
            ShardAssembly assembly) {
        return new ShardedStore(
                config, memory, clock, hitSink, reclaimer, StoreListener.NONE, policies, assembly);
    }

    @Override
    public KeyHasher hasher() {
        return hasher;
    }

    @Override
    public int valueBytesMax() {
        return uploads.bytesMax();
    }

    @Override
    public ReadStatus get(Key key, long nowMillis, ValueSink sink) {
        try {
            ReadStatus status = readers[shardOf(key)].read(key, nowMillis, sink);
            (status == ReadStatus.HIT ? counters.hits : counters.misses).increment();
            if (status == ReadStatus.HIT && sink.countsAsUse()) {
                noteUse(key, nowMillis);
            }
            if (sampler.wants(key.hash())) {
                sampleRead(key, status, nowMillis);
            }
            return status;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void sampleRead(Key key, ReadStatus status, long nowMillis) {
        if (status != ReadStatus.HIT) {
            sampler.read(key, false, 0, 0);
            return;
        }
        long maxIdleMillis = spaces.maxIdleMillis(key.space());
        long idleEndMillis = maxIdleMillis == 0 ? 0 : nowMillis + maxIdleMillis;
        long expiryMillis = Math.max(key.view.expiryMillis(), idleEndMillis);
        sampler.read(key, true, key.view.itemBytes(), expiryMillis);
    }

    /** Puts the end of an unused item off once an eighth of its time is gone, not at each read. */
    private void noteUse(Key key, long nowMillis) {
        long maxIdleMillis = spaces.maxIdleMillis(key.space());
        if (maxIdleMillis > 0
                && key.view.expiryMillis() - nowMillis < maxIdleMillis - maxIdleMillis / 8) {
            writers[shardOf(key)].used(key, maxIdleMillis, nowMillis);
        }
    }

    @Override
    public int prefetch(Key key, int pass) {
        try {
            return readers[shardOf(key)].prefetch(key, pass);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public WriteStatus put(Mutation mutation, long nowMillis) {
        try {
            return writers[shardOf(mutation.key)].put(mutation, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public @Nullable ValueUpload upload(Key key, int valueLength) {
        if (valueLength < 0 || valueLength > uploads.bytesMaxEver()) {
            throw new IllegalArgumentException(
                    "valueLength: " + valueLength + " (expected: 0.." + valueBytesMax() + ")");
        }
        return larges[shardOf(key)].begin(valueLength);
    }

    @Override
    public WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        try {
            return larges[shardOf(mutation.key)].put(mutation, upload, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long beginFill(Key key, long version, long nowMillis) {
        try {
            return shards[shardOf(key)].beginFill(key, version, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void endFill(long hash, long fill) {
        shards[shardOf(hash)].endFill(hash, fill);
    }

    @Override
    public WriteStatus delete(Mutation mutation, long nowMillis) {
        try {
            return writers[shardOf(mutation.key)].delete(mutation, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        try {
            WriteStatus status = touchIn(shardOf(mutation.key), mutation, nowMillis, sink);
            boolean isHit = status == WriteStatus.DONE;
            if ((isHit || status == WriteStatus.MISSING) && sampler.wants(mutation.key.hash())) {
                sampler.read(mutation.key, isHit, 0, mutation.expiryMillis);
            }
            return status;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private WriteStatus touchIn(
            int shard, Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        if (spaces.maxIdleMillis(mutation.key.space()) != 0) {
            WriteStatus status = updaters[shard].touch(mutation, nowMillis, sink);
            if (status != WriteStatus.TOO_LARGE) {
                return status;
            }
        }
        return writers[shard].touch(mutation, nowMillis, sink);
    }

    @Override
    public WriteStatus increment(Mutation mutation, long nowMillis) {
        try {
            return updaters[shardOf(mutation.key)].increment(mutation, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        try {
            return updaters[shardOf(mutation.key)].append(mutation, atEnd, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void scan(Scan scan, long nowMillis, ScanSink sink) {
        int shard = ScanCursor.shard(scan.cursor);
        if (shard >= shards.length) {
            throw new IllegalArgumentException(
                    "cursor: "
                            + Long.toUnsignedString(scan.cursor)
                            + " (expected: 0, or one that a scan of this store ended with)");
        }
        scan.bucketsLeft = scan.bucketsMax;
        try {
            while (scanners[shard].scan(scan, nowMillis, sink) && scan.cursor != Scan.END) {
                shard++;
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * As {@link #scan}, but of one shard: from its begin where the cursor is BEGIN, and at its end
     * the cursor is END. So several threads can share a walk.
     *
     * <p>Locking: as {@link #scan}.
     */
    public void scanShard(int shard, Scan scan, long nowMillis, ScanSink sink) {
        if (scan.cursor == Scan.BEGIN) {
            scan.cursor = ScanCursor.of(shard, 0, 0);
        }
        scan.bucketsLeft = scan.bucketsMax;
        try {
            if (scanners[shard].scan(scan, nowMillis, sink)) {
                scan.cursor = Scan.END;
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** A tag stands for one space already. */
    @Override
    public WriteStatus invalidateTag(int space, long tag, long nowMillis) {
        return invalidate(
                shard -> shard.floors.hasRoomForTag(tag),
                () -> versions.ruleOfTag(tag),
                (shard, rule) -> shard.invalidateTag(tag, rule, nowMillis));
    }

    @Override
    public WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis) {
        byte[] bytes = prefix.toByteArray();
        return invalidate(
                shard -> shard.floors.hasRoomForPrefix(space, bytes),
                () -> versions.ruleOfPrefix(space, bytes),
                (shard, rule) -> shard.invalidatePrefix(space, bytes, rule, nowMillis));
    }

    /** Only invalidations use room up, and they take turns: what has room keeps it. */
    private WriteStatus invalidate(
            Predicate<Shard> hasRoom, IntSupplier namedRule, ObjIntConsumer<Shard> step) {
        try {
            boolean roomInAll;
            synchronized (invalidations) {
                boolean hasFloors = Arrays.stream(shards).allMatch(hasRoom);
                int rule = hasFloors ? namedRule.getAsInt() : VersionRecord.NO_RULE;
                roomInAll = rule != VersionRecord.NO_RULE;
                if (roomInAll) {
                    Arrays.stream(shards).forEach(shard -> step.accept(shard, rule));
                }
            }
            reclaimer.sweep();
            return roomInAll ? WriteStatus.DONE : WriteStatus.BUSY;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public long cursorOf(Key key) {
        int shard = shardOf(key);
        return ScanCursor.of(
                shard,
                HashIndex.bucketOf(key.hash(), shards[shard].index.geometryAcquire()),
                Slot.tag(Slot.tagBits(key.hash())));
    }

    @Override
    public WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function) {
        try {
            return assembly.update(mutations, writerOf, function, nowMillis).run();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- for whoever keeps what is evicted

    /** Has each shard's victims kept by somebody. Before the store's first write. */
    public void attachOverflow(IntFunction<ShardOverflow> overflows) {
        for (Shard shard : shards) {
            shard.overflow = overflows.apply(shard.id);
            shard.floors.keepSwept();
        }
    }

    /**
     * Hands an item that was kept elsewhere to the sink, if it is the key's present one; else see
     * {@link Key#passedOver}.
     *
     * <p>Locking: the shard's lock; the sink is called without it.
     */
    public ReadStatus getOverflowed(Key key, OverflowedItem item, long nowMillis, ValueSink sink) {
        return returns[shardOf(key)].show(key, item, nowMillis, sink);
    }

    /**
     * Takes an item that was kept elsewhere back into memory, if it is its key's present one: DONE;
     * EXISTS if it is there; MISSING if it is not the present one; BUSY or OUT_OF_CAPACITY.
     *
     * <p>Locking: the shard's lock; may help with one eviction.
     *
     * @param hash of its key
     */
    public WriteStatus takeBack(long hash, OverflowedItem item, long nowMillis) {
        try {
            return returns[shardOf(hash)].takeBack(item, nowMillis);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** What is kept under this stamp cannot be had: forgets it. Locking: the shard's lock. */
    public void forgetOverflowed(long hash, long stamp) {
        returns[shardOf(hash)].forget(hash, stamp);
    }

    /** Has everything forgotten that is kept elsewhere. Locking: each shard's lock in turn. */
    public void clearOverflow() {
        forEachLocked(shard -> shard.overflow.clear());
    }

    /** Has what was evicted so far be a batch in each shard. Locking: each shard's lock in turn. */
    public void endOverflowBatches() {
        forEachLocked(shard -> shard.overflow.segmentEvicted());
    }

    /** Numbers of {@link #overflowMarks} for each shard. */
    public static final int OVERFLOW_MARKS = 3;

    /**
     * What has to be known of each shard for its kept items to be told from dead and later ones
     * after a restart: the floor of items with a tag, that of all items, and the last version given
     * out. Locking: each shard's lock in turn.
     */
    public long[] overflowMarks() {
        long[] marks = new long[OVERFLOW_MARKS * shards.length];
        forEachLocked(
                shard ->
                        System.arraycopy(
                                shard.overflowMarks(),
                                0,
                                marks,
                                OVERFLOW_MARKS * shard.id,
                                OVERFLOW_MARKS));
        return marks;
    }

    /** Takes over {@link #overflowMarks} of an earlier run. Locking: each shard's lock in turn. */
    public void restoreOverflowMarks(long[] marks) {
        forEachLocked(
                shard -> {
                    int at = OVERFLOW_MARKS * shard.id;
                    shard.restoreOverflowMarks(marks[at], marks[at + 1], marks[at + 2]);
                });
    }

    private void forEachLocked(Consumer<Shard> step) {
        for (Shard shard : shards) {
            shard.lock.lock();
            try {
                step.accept(shard);
            } finally {
                shard.lock.unlock();
            }
        }
    }

    private int shardOf(Key key) {
        return shardOf(key.hash());
    }

    /** The shard of the key with this hash. */
    public int shardOf(long hash) {
        // A shift by 64 is one by 0: a store of one shard needs the mask.
        return (int) (hash >>> shardShift) & shards.length - 1;
    }

    private ShardWriter writerOf(Key key) {
        return writers[shardOf(key)];
    }

    /**
     * Finds again what an earlier store left in the memory that this one was opened in. Before any
     * other operation, once the spaces are defined.
     *
     * <p>Locking: each shard's lock; blocks until all is done.
     *
     * @param executor runs {@code helpers} tasks beside the calling thread
     * @param isLive says which spaces are in use
     */
    public void rebuild(Executor executor, int helpers, Liveness isLive, RebuildProgress progress) {
        ChainClaims claims = new ChainClaims(segments);
        new StoreRebuild(
                        segments,
                        shards.length,
                        claims,
                        progress,
                        id ->
                                assembly.rebuild(
                                        shards[id],
                                        hasher,
                                        hash -> shardOf(hash) == id,
                                        claims,
                                        progress))
                .run(executor, helpers, isLive, clock.nowMillis());
    }

    /** The settings and accounts of spaces. */
    public Spaces spaces() {
        return spaces;
    }

    // ---- for maintenance

    /**
     * Changes the memory limit. What a lower one takes away is withheld as {@link #reclaim} frees
     * it; see {@link #segmentsOverLimit}.
     *
     * <p>Locking: blocks while another thread changes it.
     *
     * @throws IllegalArgumentException naming the bounds, if {@code bytes} is not within {@link
     *     MemoryStatus#limitBytesMin} and {@link MemoryStatus#limitBytesMax}
     */
    public MemoryStatus setMemoryLimit(long bytes) {
        synchronized (limitChanges) {
            long min = memoryLimitMin();
            long max = config.memoryBytesMax();
            if (bytes < min || bytes > max) {
                throw new IllegalArgumentException(
                        "memoryLimitBytes: " + bytes + " (expected: " + min + ".." + max + ")");
            }
            segments.budget().limit(bytes);
            uploads.limit(segments.budget().segments());
        }
        return memoryStatus();
    }

    private long memoryLimitMin() {
        int needed = StoreConfig.segmentsMin(shards.length, config.copySegments());
        long bytes = (long) (chunks.segmentsTaken() + needed) * config.segmentBytes();
        return Math.max(bytes, spaces.pinnedQuotaBytes() / PINNED_PERCENT_MAX * 100);
    }

    /** The memory limit and what is made of it. Locking: none of the shards'. */
    public MemoryStatus memoryStatus() {
        SegmentBudget budget = segments.budget();
        long segmentBytes = config.segmentBytes();
        int free = segments.free();
        int withheld = budget.withheld();
        return new MemoryStatus(
                budget.limitBytes(),
                memoryLimitMin(),
                config.memoryBytesMax(),
                Math.max(0, segments.segments() - free - withheld) * segmentBytes,
                free * segmentBytes,
                withheld * segmentBytes,
                budget.owed() * segmentBytes,
                segments.arena().givesPagesBack());
    }

    /** Segments that a lowered limit still has to take out of use. Locking: none. */
    public int segmentsOverLimit() {
        return segments.budget().owed();
    }

    /**
     * Takes segments that are free out of use as far as a lowered limit asks for it.
     *
     * @param reclaimed whether the caller has just freed one, which then counts towards it
     */
    public void collectOverLimit(boolean reclaimed) {
        if (reclaimed) {
            segments.budget().collectReclaimed();
        } else {
            segments.budget().collect();
        }
    }

    /** Bytes of a segment. */
    public int segmentBytes() {
        return config.segmentBytes();
    }

    /** How many shards there are, numbered from 0. */
    public int shardCount() {
        return shards.length;
    }

    /** Free segments. */
    public int segmentsFree() {
        return segments.free();
    }

    /** Whether a writer that needs a segment would get one, at some recent moment. */
    public boolean hasRoom() {
        return segments.hasRoom();
    }

    /** Free segments under which reclamation is requested. */
    public int lowWatermark() {
        return segments.budget().lowWatermark();
    }

    /** Free segments at which reclamation may rest. */
    public int highWatermark() {
        return segments.budget().highWatermark();
    }

    /**
     * Sealed segments of a shard and those its large values lie in, roughly: how much there is to
     * reclaim. Takes no lock.
     */
    public int sealedSegments(int shard) {
        return shards[shard].log.sealedCount() + shards[shard].account.chainSegments();
    }

    /**
     * Compacts or evicts a batch of items of one of {@code shard}'s segments; only one thread at a
     * time may do this for one shard.
     *
     * <p>Locking: the shard's lock.
     */
    public Reclaimed reclaim(int shard, Liveness liveness) {
        SegmentRecycler recycler = recyclers[shard];
        if (!recycler.begin()) {
            return Reclaimed.NOTHING_LEFT;
        }
        try {
            return recycler.step(liveness, clock.nowMillis()) ? Reclaimed.SEGMENT : Reclaimed.PART;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** How far a call of {@link #reclaim} came. */
    public enum Reclaimed {
        /** Some items; the segment is not free yet. */
        PART,
        /** A segment became free. */
        SEGMENT,
        /** The shard has no segment to give. */
        NOTHING_LEFT
    }

    /** Dead bytes that compacting {@code shard} could win, roughly. Takes no lock. */
    public long bytesToCompact(int shard) {
        return shards[shard].log.ranking.deadBytes();
    }

    /** Whether segments of {@code shard} wait for their items to expire, roughly. No lock. */
    public boolean expects(int shard) {
        return shards[shard].log.wheel.size() > 0;
    }

    /**
     * Drops the expired among a batch of items of a segment in which enough should have expired;
     * false if there is none now. Only one thread at a time may do this for one shard, and none
     * while it is reclaimed.
     *
     * <p>Locking: the shard's lock.
     */
    public boolean expire(int shard) {
        try {
            return expirers[shard].step(clock.nowMillis());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Drops the items of {@code buckets} buckets of a shard, from {@code fromBucket}, that are not
     * live; returns the bucket to go on from, -1 at the end. Once it has gone from bucket 0 to the
     * end, invalidations acknowledged before its beginning take no room any more. Only one thread
     * at a time may do this for one shard.
     *
     * <p>Locking: the shard's lock.
     */
    public long sweep(int shard, long fromBucket, int buckets, Liveness liveness) {
        try {
            return shards[shard].sweep(fromBucket, buckets, liveness);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns once every write that was under way has given its lock back: what those changed is
     * visible to the caller, and what the caller did before is visible to those that come.
     *
     * <p>Locking: each shard's lock in turn.
     */
    public void awaitWriters() {
        for (Shard shard : shards) {
            shard.lock.lock();
            shard.lock.unlock();
        }
    }

    @Override
    public long snapshot(long nowMillis, Liveness liveness, SnapshotSink sink) throws IOException {
        if (!inSnapshot.compareAndSet(false, true)) {
            throw new IllegalStateException("snapshot: one is being taken (expected: none)");
        }
        try {
            return snapshot.take(nowMillis, liveness, sink);
        } finally {
            inSnapshot.set(false);
            Reference.reachabilityFence(this);
        }
    }

    /** Where a key's item lies; null if it is a miss. Locking: the shard's lock. */
    public @Nullable ItemPlace place(Key key) {
        try {
            return shards[shardOf(key)].place(key, clock.nowMillis());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Has a sample of all that goes on told. Before the first operation. */
    public void sample(AccessSampler newSampler) {
        sampler = newSampler;
        for (Shard shard : shards) {
            shard.sampler = newSampler;
        }
    }

    /**
     * Has what becomes of keys noted, for {@link #fate}: at least the last {@code count} keys that
     * went, and as many values that were replaced. Before the first write.
     *
     * @param count of all shards together; each gets an even share and a quarter more, since keys
     *     do not spread evenly
     */
    public void keepRemovals(int count) {
        int share = count / shards.length;
        for (Shard shard : shards) {
            shard.removals = new ShardRemovals(share + share / 4 + 64, clock, segments);
        }
    }

    /**
     * What became of a key. Locking: the shard's lock, for a look through the shard's share of what
     * is kept.
     *
     * @param liveness whether the key's space is still in use
     */
    public Fate fate(Key key, Liveness liveness) {
        try {
            return new ShardFates(shards[shardOf(key)], clock).of(key, liveness);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The key that has this hash; null if it is not there. Locking: the shard's lock.
     *
     * @param liveness whether the key's space is still in use
     */
    public @Nullable NamedKey named(long hash, Liveness liveness) {
        try {
            return new ShardFates(shards[shardOf(hash)], clock).named(hash, liveness);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Each shard's figures, in the order of the shards. Locking: each shard's lock in turn. */
    public List<ShardStats> shardStats() {
        return StoreStatsCollector.ofEach(shards, clock.nowMillis());
    }

    /**
     * Holds index, segments and counters against each other. Any thread, beside everything else.
     * Locking: each shard's lock in turn, for a little each time.
     */
    public StoreCheck check() {
        try {
            return new StoreChecker(shards, segments).check();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public StoreStats stats() {
        return StoreStatsCollector.collect(shards, segments, counters, clock.nowMillis());
    }

    @Override
    public void close() {}
}
