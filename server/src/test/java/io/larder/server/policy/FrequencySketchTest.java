package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FrequencySketchTest {
    private static final long NEVER = Long.MAX_VALUE;

    private static void increment(FrequencySketch sketch, long key, int times) {
        for (int i = 0; i < times; i++) {
            sketch.increment(Hashes.of(key));
        }
    }

    @Test
    void frequency_countsUpToFifteen() {
        FrequencySketch sketch = new FrequencySketch(4096, NEVER);
        increment(sketch, 1, 7);
        increment(sketch, 2, 100);

        assertThat(sketch.frequency(Hashes.of(1))).isEqualTo(7);
        assertThat(sketch.frequency(Hashes.of(2))).isEqualTo(FrequencySketch.COUNT_MAX);
        assertThat(sketch.frequency(Hashes.of(3))).isZero();
    }

    @Test
    void frequency_isNeverLessThanTheTruth_andSeldomMore() {
        FrequencySketch sketch = new FrequencySketch(8192, NEVER);
        Random random = new Random(1);
        int[] truth = new int[2048];
        for (int access = 0; access < 8192; access++) {
            int key = random.nextInt(truth.length);
            truth[key]++;
            sketch.increment(Hashes.of(key));
        }
        long over = 0;
        for (int key = 0; key < truth.length; key++) {
            int frequency = sketch.frequency(Hashes.of(key));
            assertThat(frequency).isGreaterThanOrEqualTo(Math.min(15, truth[key]));
            over += frequency - Math.min(15, truth[key]);
        }
        assertThat(over).isLessThan(truth.length / 2);
    }

    @Test
    void period_halvesEveryCounter_readOrRaisedOrNeither() {
        FrequencySketch sketch = new FrequencySketch(1 << 16, 1000);
        increment(sketch, 1, 12);
        increment(sketch, 2, 7);
        increment(sketch, 3, 981);

        assertThat(sketch.frequency(Hashes.of(1))).isEqualTo(6);
        assertThat(sketch.frequency(Hashes.of(2))).isEqualTo(3);
        increment(sketch, 1, 1);
        assertThat(sketch.frequency(Hashes.of(1))).isEqualTo(7);
        increment(sketch, 3, 999);
        assertThat(sketch.frequency(Hashes.of(1))).isEqualTo(3);
        assertThat(sketch.frequency(Hashes.of(2))).isEqualTo(1);
        increment(sketch, 3, 2000);
        assertThat(sketch.frequency(Hashes.of(1))).isZero();
    }

    @Test
    void memory_isHalfAByteACounter() {
        assertThat(new FrequencySketch(4096, NEVER).memoryBytes()).isEqualTo(2048);
        assertThat(new FrequencySketch(1, NEVER).memoryBytes()).isEqualTo(64);
    }
}
