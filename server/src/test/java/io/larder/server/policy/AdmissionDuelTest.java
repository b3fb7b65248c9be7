package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class AdmissionDuelTest {
    private static final int ITEMS = 1000;
    private static final int BYTES = 100;

    private final FrequencySketch sketch = new FrequencySketch(8L * ITEMS, 10L * ITEMS);
    private final AdmissionDuel duel = new AdmissionDuel(ITEMS * BYTES, 2 * ITEMS, sketch);
    private final Random random = new Random(3);
    private int changes;

    /** Shows the duel keys by the number of the access. */
    private void show(int accesses, IntUnaryOperator keys) {
        for (int access = 0; access < accesses; access++) {
            AdmissionMode before = duel.mode();
            long hash = Hashes.of(keys.applyAsInt(access));
            sketch.increment(hash);
            duel.access(hash, BYTES);
            changes += duel.mode() == before ? 0 : 1;
        }
    }

    private int zipfian(int keys) {
        return (int) Math.pow(keys, random.nextDouble());
    }

    @Test
    void loopLargerThanTheCache_isForTinyLfu() {
        show(20_000, access -> access % (2 * ITEMS));

        assertThat(duel.mode()).isEqualTo(AdmissionMode.TINY_LFU);
    }

    @Test
    void popularityThatMovesOn_isForClock() {
        show(200_000, access -> zipfian(20_000) + access / 5);

        assertThat(duel.mode()).isEqualTo(AdmissionMode.CLOCK);
    }

    /** Keys read a few times soon after they first come, among many that are read once. */
    @Test
    void burstsAmongKeysReadOnce_areForS3Fifo() {
        show(
                200_000,
                access ->
                        access % 2 == 0
                                ? 1_000_000 + access
                                : 8 * (access / 4000) + zipfian(3_000));

        assertThat(duel.mode()).isEqualTo(AdmissionMode.S3_FIFO);
    }

    @Test
    void workloadThatChanges_changesTheMode_andBack() {
        show(100_000, access -> access % (2 * ITEMS));
        assertThat(duel.mode()).isEqualTo(AdmissionMode.TINY_LFU);
        show(200_000, access -> 10_000 + zipfian(20_000) + access / 5);
        assertThat(duel.mode()).isEqualTo(AdmissionMode.CLOCK);
        show(100_000, access -> access % (2 * ITEMS));
        assertThat(duel.mode()).isEqualTo(AdmissionMode.TINY_LFU);
        assertThat(changes).isLessThan(8);
    }

    @Test
    void phasesFasterThanTheCacheFollows_settle() {
        show(
                400_000,
                access -> (access / 4000) % 2 == 0 ? access % 1500 : 5000 + zipfian(9000) + access);
        int early = changes;
        changes = 0;
        show(
                400_000,
                access -> (access / 4000) % 2 == 0 ? access % 1500 : 5000 + zipfian(9000) + access);

        assertThat(early).isLessThan(40);
        assertThat(changes).isLessThan(40);
    }

    @Test
    void noise_changesLittle() {
        show(300_000, access -> random.nextInt(4 * ITEMS));

        assertThat(changes).isLessThanOrEqualTo(4);
    }

    @Test
    void sample_isThinnedUntilTheMiniaturesHoldIt_andThickenedForLargerItems() {
        AdmissionDuel large = new AdmissionDuel(1 << 20, 512, sketch);
        for (int key = 0; key < 200_000; key++) {
            large.access(Hashes.of(key), 64);
        }
        assertThat(sampled(large)).isBetween(1_000, 4_500);
        assertThat(large.itemsEstimated()).isBetween(12_000L, 20_000L);

        for (int key = 0; key < 200_000; key++) {
            large.access(Hashes.of(key), 16 << 10);
        }
        assertThat(sampled(large)).isEqualTo(100_000);
    }

    private static int sampled(AdmissionDuel duel) {
        int sampled = 0;
        for (int key = 0; key < 100_000; key++) {
            sampled += duel.samples(Hashes.of(key)) ? 1 : 0;
        }
        return sampled;
    }
}
