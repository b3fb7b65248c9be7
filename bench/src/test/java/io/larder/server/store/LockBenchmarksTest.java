package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmarks' methods do, once or a few times. */
class LockBenchmarksTest {
    @ParameterizedTest
    @EnumSource(LockBenchmark.Kind.class)
    void hold_withAnyLock_isDoneAndCanBeDoneAgain(LockBenchmark.Kind kind) {
        LockBenchmark.Guarded guarded = new LockBenchmark.Guarded();
        guarded.kind = kind;
        guarded.setUp();
        LockBenchmark.Writer writer = new LockBenchmark.Writer();

        for (int i = 0; i < 10; i++) {
            assertThat(new LockBenchmark().hold(guarded, writer)).isNotNegative();
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 3500", "4096, 3500", "512, 100"})
    void put_withAnyBound_isDone(int bound, int valueBytes) {
        CopyBenchmark.OneShard shard = new CopyBenchmark.OneShard();
        shard.bound = bound;
        shard.setUp();
        try {
            CopyBenchmark.Writer writer = new CopyBenchmark.Writer();
            writer.valueBytes = valueBytes;
            writer.setUp();
            for (int i = 0; i < 10; i++) {
                assertThat(new CopyBenchmark().put(shard, writer)).isEqualTo(WriteStatus.DONE);
            }
        } finally {
            shard.tearDown();
        }
    }

    @Test
    void bound_ofTheStore_isOneOfThoseMeasured() {
        assertThat(ShardWriter.COPY_UNDER_LOCK_BYTES).isEqualTo(4_096);
    }
}
