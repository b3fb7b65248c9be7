package io.larder.client.jcache;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one cache of one program has done, and how long it took. Counts only while it is enabled;
 * any thread. Figures are each right, and together of about the same moment.
 */
final class CacheStatistics implements LarderStatisticsMXBean {
    private static final float NANOS_PER_MICRO = 1_000;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder getNanos = new LongAdder();
    private final LongAdder putNanos = new LongAdder();
    private final LongAdder removeNanos = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder withoutServer = new LongAdder();
    private final List<LongAdder> all =
            List.of(
                    hits,
                    misses,
                    puts,
                    removals,
                    getNanos,
                    putNanos,
                    removeNanos,
                    undecodable,
                    withoutServer);
    private volatile boolean isEnabled;

    void enable(boolean wanted) {
        isEnabled = wanted;
    }

    boolean isEnabled() {
        return isEnabled;
    }

    /** One entry was asked for. */
    void lookup(boolean wasThere) {
        count(wasThere ? hits : misses, 1);
    }

    void put(long entries) {
        count(puts, entries);
    }

    void removal(long entries) {
        count(removals, entries);
    }

    void undecodable() {
        count(undecodable, 1);
    }

    void readWithoutServer() {
        count(withoutServer, 1);
    }

    /** When an operation begins, for those below. */
    long begin() {
        return isEnabled ? System.nanoTime() : 0;
    }

    void endGet(long begin) {
        end(getNanos, begin);
    }

    void endPut(long begin) {
        end(putNanos, begin);
    }

    void endRemove(long begin) {
        end(removeNanos, begin);
    }

    private void end(LongAdder nanos, long begin) {
        if (begin != 0) {
            count(nanos, System.nanoTime() - begin);
        }
    }

    private void count(LongAdder figure, long amount) {
        if (isEnabled) {
            figure.add(amount);
        }
    }

    @Override
    public void clear() {
        all.forEach(LongAdder::reset);
    }

    @Override
    public long getCacheHits() {
        return hits.sum();
    }

    @Override
    public float getCacheHitPercentage() {
        return percentage(getCacheHits());
    }

    @Override
    public long getCacheMisses() {
        return misses.sum();
    }

    @Override
    public float getCacheMissPercentage() {
        return percentage(getCacheMisses());
    }

    private float percentage(long part) {
        long gets = getCacheGets();
        return gets == 0 ? 0 : 100f * part / gets;
    }

    @Override
    public long getCacheGets() {
        return getCacheHits() + getCacheMisses();
    }

    @Override
    public long getCachePuts() {
        return puts.sum();
    }

    @Override
    public long getCacheRemovals() {
        return removals.sum();
    }

    @Override
    public long getCacheEvictions() {
        return 0;
    }

    @Override
    public float getAverageGetTime() {
        return averageMicros(getNanos, getCacheGets());
    }

    @Override
    public float getAveragePutTime() {
        return averageMicros(putNanos, getCachePuts());
    }

    @Override
    public float getAverageRemoveTime() {
        return averageMicros(removeNanos, getCacheRemovals());
    }

    private static float averageMicros(LongAdder nanos, long operations) {
        return operations == 0 ? 0 : nanos.sum() / NANOS_PER_MICRO / operations;
    }

    @Override
    public long getUndecodableValues() {
        return undecodable.sum();
    }

    @Override
    public long getReadsWithoutServer() {
        return withoutServer.sum();
    }
}
