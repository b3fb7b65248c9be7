package io.larder.server.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds all shards of a store, several at a time: a segment's word says whose it is, so shards
 * have nothing in common but the chains of large values, which are claimed.
 */
final class StoreRebuild {
    private final SegmentTable segments;
    private final ChainClaims claims;
    private final RebuildProgress progress;
    private final IntFunction<ShardRebuild> shardRebuilds;
    private final int[][] logs;
    private final AtomicInteger nextShard = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param shardRebuilds makes the part for a shard
     */
    StoreRebuild(
            SegmentTable segments,
            int shards,
            ChainClaims claims,
            RebuildProgress progress,
            IntFunction<ShardRebuild> shardRebuilds) {
        this.segments = segments;
        this.claims = claims;
        this.progress = progress;
        this.shardRebuilds = shardRebuilds;
        this.logs = logs(shards);
    }

    /** The log segments of each shard in the order they were opened; others' are free. */
    private int[][] logs(int shards) {
        SegmentRecord record = segments.record();
        List<List<Integer>> found = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            found.add(new ArrayList<>());
        }
        int count = 0;
        for (int segment = 0; segment < segments.segments(); segment++) {
            if (record.use(segment) != SegmentRecord.LOG) {
                continue;
            }
            if (record.shard(segment) < shards && record.stream(segment) < Stream.COUNT) {
                found.get(record.shard(segment)).add(segment);
                count++;
            } else {
                progress.damaged.increment();
                segments.give(segment);
            }
        }
        progress.begin(count);
        return found.stream()
                .map(
                        log ->
                                log.stream()
                                        .sorted(Comparator.comparingLong(record::order))
                                        .mapToInt(Integer::intValue)
                                        .toArray())
                .toArray(int[][]::new);
    }

    /**
     * Does it, on the calling thread and {@code helpers} tasks of {@code executor}.
     *
     * <p>Locking: each shard's lock; blocks until all is done.
     */
    void run(Executor executor, int helpers, Liveness liveness, long nowMillis) {
        CountDownLatch running = new CountDownLatch(helpers);
        for (int i = 0; i < helpers; i++) {
            executor.execute(
                    () -> {
                        try {
                            work(liveness, nowMillis);
                        } finally {
                            running.countDown();
                        }
                    });
        }
        work(liveness, nowMillis);
        try {
            running.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was rebuilt", e);
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("the store could not be rebuilt", thrown);
        }
        claims.giveRest();
        segments.budget().collect();
    }

    private void work(Liveness liveness, long nowMillis) {
        try {
            for (int shard = nextShard.getAndIncrement();
                    shard < logs.length && failure.get() == null;
                    shard = nextShard.getAndIncrement()) {
                shardRebuilds.apply(shard).run(logs[shard], liveness, nowMillis);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }
}
