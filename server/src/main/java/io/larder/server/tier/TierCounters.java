package io.larder.server.tier;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.StripedCounter;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** What the tier counts of its work. For any thread. */
final class TierCounters {
    private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(1);

    final StripedCounter hits = new StripedCounter();
    final StripedCounter misses = new StripedCounter();
    final StripedCounter reads = new StripedCounter();
    final StripedCounter readsJoined = new StripedCounter();
    final StripedCounter readsRefused = new StripedCounter();
    final StripedCounter readsInVain = new StripedCounter();
    final StripedCounter takenBack = new StripedCounter();
    final StripedCounter victims = new StripedCounter();
    final StripedCounter victimsDropped = new StripedCounter();
    final StripedCounter victimsSkipped = new StripedCounter();
    final StripedCounter voided = new StripedCounter();
    final StripedCounter batches = new StripedCounter();
    final StripedCounter bytesWritten = new StripedCounter();
    private final ConcurrentHistogram readMicros = new ConcurrentHistogram(MICROS_MAX, 2);

    void recordRead(long nanos) {
        reads.increment();
        readMicros.recordValue(Math.min(MICROS_MAX, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    void register(MetricsRegistry registry) {
        registry.registerCounter("tier_hits", "Reads answered from disk", hits::sum)
                .registerCounter(
                        "tier_misses", "Reads that neither memory nor disk could", misses::sum)
                .registerCounter("tier_reads", "Fetches from disk", reads::sum)
                .registerCounter(
                        "tier_reads_joined", "Requests that shared a fetch", readsJoined::sum)
                .registerCounter(
                        "tier_reads_refused",
                        "Fetches not begun as too many waited",
                        readsRefused::sum)
                .registerCounter(
                        "tier_reads_in_vain",
                        "Fetches that found nothing, or another key's item",
                        readsInVain::sum)
                .register(
                        "tier_read_micros_p50",
                        "Half of the fetches took at most so long",
                        () -> readMicros.getValueAtPercentile(50))
                .register(
                        "tier_read_micros_p99",
                        "Of a hundred fetches, all but one",
                        () -> readMicros.getValueAtPercentile(99))
                .registerCounter(
                        "tier_taken_back", "Items that came back into memory", takenBack::sum)
                .registerCounter(
                        "tier_victims", "Evicted items that were to go to disk", victims::sum)
                .registerCounter(
                        "tier_victims_dropped",
                        "Evicted items for which the queue had no room",
                        victimsDropped::sum)
                .registerCounter(
                        "tier_victims_skipped",
                        "Items that were void before they were written",
                        victimsSkipped::sum)
                .registerCounter(
                        "tier_voided", "Items on disk that a change made void", voided::sum)
                .registerCounter("tier_batches", "Batches written, one per segment", batches::sum)
                .registerCounter("tier_bytes_written", "Bytes written in them", bytesWritten::sum);
    }
}
