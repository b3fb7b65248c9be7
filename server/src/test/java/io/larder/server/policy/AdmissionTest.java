package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    @ParameterizedTest
    @ValueSource(longs = {64L << 20, 1L << 30, 16L << 30})
    void memory_isLittleMoreThanAByteForEachItemOf87_andTheDuels(long budgetBytes) {
        Admission admission = Admission.ofBudget(budgetBytes, 16);

        assertThat(admission.memoryBytes()).isLessThan(budgetBytes * 23 / 20 / 87 + (400 << 10));
        assertThat(admission.memoryBytes()).isGreaterThan(budgetBytes / 87);
    }

    @Test
    void memory_ofASmallStore_isLittle() {
        assertThat(Admission.ofBudget(4 << 20, 16).memoryBytes()).isLessThan((4 << 20) / 20);
    }

    @Test
    void shards_followTheModeTheDuelChose() {
        Admission admission = Admission.ofBudget(1 << 20, 2);
        S3FifoPolicy shard = admission.shard(1);
        shard.source(10, 990);
        assertThat(shard.duels(S3FifoPolicy.SMALL)).isTrue();

        for (int key = 0; admission.mode() == AdmissionMode.TINY_LFU; key++) {
            assertThat(key).isLessThan(1_000_000);
            // Each key comes thrice, a little apart, and never again.
            admission.access(Hashes.of(key / 3 - key % 3 * 20), 1024);
        }

        shard.source(10, 990);
        assertThat(shard.duels(S3FifoPolicy.SMALL)).isFalse();
    }

    @Test
    void access_counts_forTheShardsDuels() {
        Admission admission = Admission.ofBudget(1 << 20, 1);
        for (int access = 0; access < 5; access++) {
            admission.access(Hashes.of(1), 100);
        }
        S3FifoPolicy shard = admission.shard(0);
        shard.source(10, 990);

        assertThat(shard.judge(S3FifoPolicy.SMALL, Hashes.of(1), 0, 100, Hashes.of(2)))
                .isEqualTo(S3FifoPolicy.KEEP_FOR_VICTIM);
        assertThat(shard.judge(S3FifoPolicy.SMALL, Hashes.of(2), 3, 100, Hashes.of(1)))
                .isEqualTo(S3FifoPolicy.EVICT);
    }

    @Test
    void ofALargeStore_leavesMostOfASmallHeap() {
        long heapBytes = 128 << 20;

        Admission admission = Admission.ofBudget(12L << 30, 64, heapBytes);

        assertThat(admission.memoryBytes()).isLessThan(heapBytes / 2);
    }
}
