package io.larder.client.near;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.larder.client.api.Entry;
import io.larder.client.api.NearOptions;
import io.larder.client.api.NearStats;
import io.larder.client.net.CopyKeeper.DropReason;
import io.larder.client.net.TrackedServer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one region's values, bounded in number and bytes, and what became of them. Any
 * thread.
 */
final class Copies {
    private final Cache<CopyKey, Copy> cache;
    private final long boundNanos;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder refusedFills = new LongAdder();
    private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);

    Copies(NearOptions options) {
        // A copy weighs at least its share of the number of copies, so that one bound holds both.
        int weightMin =
                (int)
                        Math.min(
                                Integer.MAX_VALUE,
                                Math.max(1, options.bytesMax() / options.entriesMax()));
        this.cache =
                Caffeine.newBuilder()
                        .maximumWeight(options.bytesMax())
                        .weigher((CopyKey key, Copy copy) -> Math.max(weightMin, copy.bytes(key)))
                        .executor(Runnable::run)
                        .build();
        this.boundNanos = options.bound().toNanos();
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    /**
     * A copy that may be served now, counted as a hit; else null, counted as a miss.
     *
     * @param server that has the key now: another one is not told of its changes
     */
    @Nullable Copy find(CopyKey key, TrackedServer server, long nowNanos) {
        Copy copy = cache.getIfPresent(key);
        if (copy != null && copy.isOf(server) && copy.mayServe(boundNanos, nowNanos)) {
            hits.increment();
            return copy;
        }
        misses.increment();
        if (copy != null && copy.isDead(nowNanos)) {
            cache.asMap().remove(key, copy);
        }
        return null;
    }

    /**
     * Keeps a value unless its source has told of a change since it was asked for.
     *
     * @param key with bytes of its own
     * @param token the source's, from before the server was asked
     * @param askedNanos when that was
     */
    void fill(CopyKey key, Source source, long token, long askedNanos, Entry<byte[]> found) {
        Copy copy = new Copy(found.map(byte[]::clone), source, Source.epochOf(token), askedNanos);
        Copy kept =
                cache.asMap()
                        .compute(
                                key,
                                (same, present) ->
                                        source.isCurrent(token, key)
                                                ? later(present, copy, askedNanos)
                                                : present);
        if (kept != copy) {
            refusedFills.increment();
        }
    }

    /** Replies come in any order: a copy that is as good and of a later version stays. */
    private static Copy later(@Nullable Copy present, Copy copy, long nowNanos) {
        if (present == null || !present.isFrom(copy) || present.isDead(nowNanos)) {
            return copy;
        }
        return Long.compareUnsigned(present.version(), copy.version()) > 0 ? present : copy;
    }

    void remove(CopyKey key) {
        cache.asMap().remove(key);
    }

    void countInvalidation() {
        invalidations.increment();
    }

    void countDrop(DropReason reason) {
        drops(reason).increment();
    }

    private LongAdder drops(DropReason reason) {
        return requireNonNull(drops.get(reason));
    }

    NearStats stats() {
        long bytes =
                cache.policy()
                        .eviction()
                        .map(eviction -> eviction.weightedSize().orElse(0))
                        .orElse(0L);
        return new NearStats(
                hits.sum(),
                misses.sum(),
                invalidations.sum(),
                refusedFills.sum(),
                drops(DropReason.TOLD).sum(),
                drops(DropReason.GAP).sum(),
                drops(DropReason.SILENCE).sum(),
                drops(DropReason.DISCONNECTED).sum(),
                cache.estimatedSize(),
                bytes);
    }
}
