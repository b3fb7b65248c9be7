package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.OverflowTwin;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that goes from memory to disk and back by writes, and is always in one of both. */
class PresenceRaceTest {
    private static final int ROUNDS = 3_000;

    @TempDir private Path directory;

    @Test
    void keyOnItsWay_isNeverMissed() throws IOException {
        try (SteppedTier stepped = new SteppedTier(directory.resolve("tier"), OverflowTwin.NONE)) {
            put(stepped);
            AtomicBoolean isOver = new AtomicBoolean();
            CompletableFuture<long[]> reader =
                    CompletableFuture.supplyAsync(() -> read(stepped, isOver));
            for (int round = 0; round < ROUNDS; round++) {
                put(stepped);
                stepped.evict(stepped.store.shardOf(stepped.key("key").hash()));
                stepped.stepWriter();
            }
            isOver.set(true);

            long[] seen = reader.join();
            assertThat(seen[0]).describedAs("misses").isZero();
            assertThat(seen[1]).describedAs("in memory").isPositive();
            assertThat(seen[2]).describedAs("on disk").isPositive();
        }
    }

    private static void put(SteppedTier stepped) {
        Mutation mutation = new Mutation();
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, key);
        mutation.value.wrap(key, 0, key.length);
        stepped.store.put(mutation, stepped.nowMillis);
    }

    /** As GET looks, but it does not wait; misses, hits in memory, hits on disk. */
    private static long[] read(SteppedTier stepped, AtomicBoolean isOver) {
        long[] seen = new long[3];
        Key key = stepped.key("key");
        while (!isOver.get()) {
            long changes = stepped.tier.changes(key);
            if (stepped.store.get(key, stepped.nowMillis, item -> {}) == ReadStatus.HIT) {
                seen[1]++;
            } else if (stepped.tier.stamp(key) != ShardOverflow.NONE) {
                seen[2]++;
            } else if (stepped.tier.changes(key) == changes) {
                seen[0]++;
            }
        }
        return seen;
    }
}
