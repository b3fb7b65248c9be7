package io.larder.server.insight;

import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import io.larder.server.accesslog.Sample;
import io.larder.server.accesslog.SampleKind;
import io.larder.server.accesslog.SampleLog;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.region.RegionTable;
import io.larder.server.store.AccessSampler;
import io.larder.server.store.Clock;
import io.larder.server.store.NamedKey;
import io.larder.server.store.StoreStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is learnt of a store's keys: which are used most, what becomes of those that begin alike,
 * and the hit ratio at other sizes. For any thread.
 *
 * <p>Give the store {@link #sampler} and have what the access log drains {@link #accept accepted},
 * and have {@link #drain} called when samples may have come. Whoever asks drains first.
 *
 * <p>Bounds: about 6 MiB of heap, and 64 KiB for each thread that uses the store; 8,000 records a
 * second of keys that are kept, while the store has thousands of them, and 4,000 of others.
 */
/*
 * Locking: one monitor, for a drain or a question; the shards' locks in turn below it, once a second
 * and for each question, for the store's own figures. Whoever holds a shard's lock never waits here:
 * it only appends to its ring.
 */
public final class KeyInsight implements AccessSink {
    private static final long FOLD_MILLIS = 1_000;
    private static final long HALVING_MILLIS = 1_800_000;
    private static final int HALVING_WRITES = 1 << 20;
    private static final long HALVING_BYTES = 1L << 30;
    private static final int SWEEP_SLOTS = 512;

    /** With more of a store's items than this, the sample is thinned in any case. */
    private static final int ITEMS_MAX = 8000;

    /** With fewer than this, it is not thinned for want of time. */
    private static final int ITEMS_MIN = 1024;

    private static final int TURN_STEP = 0x9E3779B1;

    private final InsightSettings settings;
    private final RegionTable regions;
    private final Supplier<StoreStats> figures;
    private final LongFunction<@Nullable NamedKey> names;
    private final Clock clock;
    private final SampleLog log;
    private final HotReads reads = new HotReads();
    private final AtomicLong learned = new AtomicLong(); // set under this, read by any
    private volatile int bitsShown; // written under this

    // All guarded by this.
    private final SpaceRegions spaceRegions;
    private final HotTable writes = new HotTable(HALVING_WRITES);
    private final HotTable bytes = new HotTable(HALVING_BYTES);
    private final PrefixTable prefixes = new PrefixTable();
    private final KeptSample kept;
    private final SampleRates rates = new SampleRates();
    private final UsableShare usable = new UsableShare();
    private final List<TraceListener> tracers = new ArrayList<>();
    private StoreStats folded;
    private long foldedMillis;
    private long halvedMillis;
    private double itemBytes; // that fit, at the present size
    private long nowMillis; // of this drain
    private int turn;
    private long taken; // since the last fold
    private long droppedSeen;
    private long dropped; // since the last fold

    /**
     * Learns nothing before the first {@link #drain}.
     *
     * @param figures the store's
     * @param names the key of an item by its hash; null if there is none. Asked with no lock held
     * @param clock the store's
     */
    public KeyInsight(
            InsightSettings settings,
            RegionTable regions,
            Supplier<StoreStats> figures,
            LongFunction<@Nullable NamedKey> names,
            Clock clock) {
        this.names = names;
        this.settings = settings;
        this.regions = regions;
        this.figures = figures;
        this.clock = clock;
        this.log = new SampleLog(settings.separator());
        this.spaceRegions = new SpaceRegions(regions);
        this.kept = new KeptSample(regions, settings.curve() ? new Miniatures() : null);
        this.folded = figures.get();
        this.nowMillis = clock.nowMillis();
        this.foldedMillis = nowMillis;
        this.halvedMillis = nowMillis;
        resize();
        sample();
    }

    /** What the store is to tell of its sample. */
    public AccessSampler sampler() {
        return log;
    }

    /** Learns of reads from the access log. Locking: another monitor, for the batch. */
    @Override
    public void accept(long[] entries, int count) {
        if (settings.hotKeys()) {
            reads.accept(entries, count);
        }
    }

    /** Adds what is to be known of the sample. */
    public void registerMetrics(MetricsRegistry registry) {
        registry.registerCounter(
                        "samples_learned", "Records of the sample learned from", learned::get)
                .registerCounter(
                        "samples_dropped",
                        "Records of the sample not learned from, for want of time",
                        log::dropped)
                .register("sample_one_in", "One key in so many is kept", () -> 1L << bitsShown);
    }

    public InsightSettings settings() {
        return settings;
    }

    /** Learns from about {@code budget} records. Locking: this object's monitor. */
    public synchronized void drain(int budget) {
        nowMillis = clock.nowMillis();
        rates.pass(nowMillis);
        int records = log.drain(this::accept, budget);
        taken += records;
        learned.lazySet(learned.getPlain() + records);
        long droppedNow = log.dropped();
        if (droppedNow != droppedSeen) {
            double lost = droppedNow - droppedSeen;
            dropped += droppedNow - droppedSeen;
            droppedSeen = droppedNow;
            rates.listenLess(1 + lost / Math.max(1, records));
            fold();
            thinForTime();
        }
        writes.age();
        bytes.age();
        kept.sweep(SWEEP_SLOTS, nowMillis);
        if (nowMillis - foldedMillis >= FOLD_MILLIS) {
            fold();
        }
        turn += TURN_STEP;
        sample();
    }

    private void sample() {
        bitsShown = kept.bits();
        log.sample(bitsShown, rates.passingBits(), turn);
    }

    private void accept(Sample sample) {
        boolean isKept = kept.has(sample.hash());
        boolean isPassing = sample.weight() > 0;
        int region = spaceRegions.regionOf(sample.space());
        boolean isOfRegion = region != RegionTable.NONE;
        if (isPassing && isOfRegion) {
            listen(sample, region);
        }
        if (isKept && (isOfRegion || isEnd(sample))) {
            kept.accept(sample, region, nowMillis);
            for (TraceListener tracer : tracers) {
                tracer.onSample(sample, nowMillis);
            }
            if (kept.isCrowded()) {
                thin();
            }
        }
        if (rates.count(isKept, isPassing)) {
            thinForTime();
        }
    }

    /** Whether it tells that an item went, which is so in regions that were cleared. */
    private static boolean isEnd(Sample sample) {
        return !sample.kind().isRead() && !sample.kind().isWrite();
    }

    /** Counts what stands for all of its kind, whichever its key. */
    private void listen(Sample sample, int region) {
        long weight = sample.weight();
        if (settings.prefixes()) {
            prefixes.accept(sample, region);
        }
        if (settings.hotKeys()) {
            long hash = AccessLog.hash(sample.hash());
            if (sample.kind().isWrite()) {
                writes.add(hash, weight);
            }
            if (sample.itemBytes() > 0) {
                bytes.add(hash, weight * sample.itemBytes());
            }
        }
        RegionTally tally = sample.kind().isRead() ? kept.tally(region) : null;
        if (tally != null) {
            long missed = sample.kind() == SampleKind.MISS ? weight : 0;
            tally.reads.addReads((double) weight, (double) missed);
        }
    }

    /** There is more than can be taken. */
    private void thinForTime() {
        if (itemsKept() >= 2 * ITEMS_MIN) {
            thin();
        }
    }

    /** How many of the store's items a fair sample has. */
    private double itemsKept() {
        return folded.items() * kept.share();
    }

    private void thin() {
        fold();
        halveSample();
    }

    private void halveSample() {
        kept.thin();
        tracers.forEach(tracer -> tracer.onThinned(kept.bits()));
    }

    /** Takes note of what the store says of itself. */
    private void fold() {
        StoreStats now = figures.get();
        foldedMillis = nowMillis;
        double delivered = (taken + 1.0) / (taken + 1.0 + dropped);
        long hits = now.hits() - folded.hits();
        long misses = now.misses() - folded.misses();
        kept.reads.addReads((double) (hits + misses), (double) misses);
        kept.fold(delivered);
        taken = 0;
        dropped = 0;
        boolean isResized = now.memoryLimitBytes() != folded.memoryLimitBytes();
        folded = now;
        if (isResized) {
            usable.forget();
            kept.clear();
        }
        while (itemsKept() > ITEMS_MAX) {
            halveSample();
        }
        resize();
        if (nowMillis - halvedMillis >= HALVING_MILLIS) {
            halvedMillis = nowMillis;
            kept.halve();
        }
    }

    private void resize() {
        double limit = folded.memoryLimitBytes();
        double fits = usable.update(folded) * limit;
        if (Math.abs(fits - itemBytes) > itemBytes / 256) {
            itemBytes = fits;
            kept.resize(fits, limit);
        }
    }

    /** Learns all there is, and takes note of the store's figures. */
    private void catchUp() {
        drain(Integer.MAX_VALUE);
        fold();
    }

    /** The hit ratio at other sizes, by size. Locking: this object's monitor, shards' locks. */
    public synchronized List<CurvePoint> curve() {
        catchUp();
        return points(kept.reads);
    }

    /**
     * The same of the reads of one region, which shares the store's memory with the others.
     * Locking: as above.
     */
    public synchronized List<CurvePoint> curve(int region) {
        catchUp();
        RegionTally tally = kept.tally(region);
        return points(tally == null ? new ReadTally() : tally.reads);
    }

    private List<CurvePoint> points(ReadTally tally) {
        List<CurvePoint> points = new ArrayList<>();
        for (int number = 0; settings.curve() && number < Miniatures.COUNT; number++) {
            long limitBytes = Miniatures.bytes(number, folded.memoryLimitBytes());
            points.add(new CurvePoint(limitBytes, tally.hitRatio(number)));
        }
        return points;
    }

    /** The prefixes that are read most. Locking: this object's monitor, shards' locks. */
    public synchronized List<PrefixStats> prefixes(int limit) {
        catchUp();
        Long2LongHashMap byPrefix = kept.bytesByPrefix();
        double share = kept.share();
        return prefixes.top(limit, regions, hash -> Math.round(byPrefix.get(hash) / share));
    }

    /**
     * The keys that are used most, the hottest first, of those that are there; none if nobody wants
     * to know. Locking: this object's monitor, then the shards' locks in turn.
     */
    public List<HotKey> hotKeys(HotKind kind, int limit) {
        List<HotKey> named = new ArrayList<>();
        for (HotTable.Hot hot : hot(kind, 2 * limit)) {
            NamedKey key = named(hot.hash());
            if (key != null && named.size() < limit) {
                named.add(new HotKey(regions.nameOfSpace(key.space()), key.key(), hot.amount()));
            }
        }
        return named;
    }

    /** A key is known here by its hash without the lowest bit. */
    private @Nullable NamedKey named(long hash) {
        NamedKey key = names.apply(hash);
        return key == null ? names.apply(hash | 1) : key;
    }

    private List<HotTable.Hot> hot(HotKind kind, int limit) {
        if (!settings.hotKeys()) {
            return List.of();
        }
        if (kind == HotKind.READ) {
            return reads.top(limit);
        }
        synchronized (this) {
            drain(Integer.MAX_VALUE);
            return (kind == HotKind.WRITE ? writes : bytes).top(limit);
        }
    }

    /** Has a listener told of what happens to kept keys. Locking: this object's monitor. */
    public synchronized void trace(TraceListener listener) {
        catchUp();
        listener.onStart(
                new TraceStart(
                        nowMillis, kept.bits(), folded.memoryLimitBytes(), Math.round(itemBytes)));
        tracers.add(listener);
    }

    /** Ends that: it is not called any more. Locking: this object's monitor. */
    public synchronized void untrace(TraceListener listener) {
        tracers.remove(listener);
    }

    /** What an operator might do. Locking: this object's monitor, shards' locks. */
    public synchronized List<String> advice() {
        List<CurvePoint> points = curve();
        Advice advice = new Advice();
        if (kept.reads.reads() >= Advice.READS_MIN) {
            advice.onMemory(points);
        }
        advice.onPrefixes(prefixes(Integer.MAX_VALUE), prefixes.hits());
        kept.tallies().forEach((region, tally) -> advice.onExpiry(regions.name(region), tally));
        return advice.sentences();
    }
}
