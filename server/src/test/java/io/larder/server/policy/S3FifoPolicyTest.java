package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class S3FifoPolicyTest {
    private static final int BYTES = 100;
    private static final long NO_VICTIM = 0;

    private final FrequencySketch sketch = new FrequencySketch(4096, 10_000);
    private AdmissionMode mode = AdmissionMode.S3_FIFO;
    private final S3FifoPolicy policy = new S3FifoPolicy(new GhostTable(1024), sketch, () -> mode);

    private int judge(int queue, int freq) {
        return policy.judge(queue, 7, freq, BYTES, NO_VICTIM);
    }

    @Test
    void source_ofAFullCache_isWhicheverQueueIsOverItsShare() {
        assertThat(policy.source(101, 899)).isEqualTo(S3FifoPolicy.SMALL);
        assertThat(policy.source(100, 900)).isEqualTo(S3FifoPolicy.MAIN);
        assertThat(policy.source(1000, 0)).isEqualTo(S3FifoPolicy.SMALL);
        assertThat(policy.source(0, 1000)).isEqualTo(S3FifoPolicy.MAIN);
    }

    @Test
    void judge_small_keepsWhatWasReadTwice() {
        assertThat(judge(S3FifoPolicy.SMALL, 1)).isEqualTo(S3FifoPolicy.EVICT);
        assertThat(judge(S3FifoPolicy.SMALL, 2)).isEqualTo(S3FifoPolicy.KEEP);
        assertThat(policy.freqAfter(S3FifoPolicy.SMALL, 3)).isZero();
    }

    @Test
    void judge_main_keepsWhatWasRead_withOneLess() {
        policy.admit(1, BYTES);
        judge(S3FifoPolicy.MAIN, 0);
        assertThat(judge(S3FifoPolicy.MAIN, 0)).isEqualTo(S3FifoPolicy.EVICT);
        assertThat(judge(S3FifoPolicy.MAIN, 1)).isEqualTo(S3FifoPolicy.KEEP);
        assertThat(policy.freqAfter(S3FifoPolicy.MAIN, 3)).isEqualTo(2);
    }

    @Test
    void admit_ofAKeyThatLeftSmall_isMain_once() {
        assertThat(policy.admit(7, BYTES)).isEqualTo(S3FifoPolicy.SMALL);
        policy.source(500, 500);
        judge(S3FifoPolicy.SMALL, 0);

        assertThat(policy.admit(7, BYTES)).isEqualTo(S3FifoPolicy.MAIN);
        assertThat(policy.admit(7, BYTES)).isEqualTo(S3FifoPolicy.SMALL);
    }

    @Test
    void admit_ofAKeyThatLeftMain_isSmall() {
        judge(S3FifoPolicy.MAIN, 0);

        assertThat(policy.admit(7, BYTES)).isEqualTo(S3FifoPolicy.SMALL);
    }

    @Test
    void judge_duel_isWonByALeadOfTwoAccesses() {
        mode = AdmissionMode.TINY_LFU;
        for (int access = 0; access < 3; access++) {
            sketch.increment(7);
            sketch.increment(8);
        }
        sketch.increment(8);
        policy.source(100, 9_900);
        assertThat(policy.judge(S3FifoPolicy.SMALL, 8, 0, BYTES, 7)).isEqualTo(S3FifoPolicy.EVICT);
        sketch.increment(8);

        assertThat(policy.duels(S3FifoPolicy.SMALL)).isTrue();
        assertThat(policy.duels(S3FifoPolicy.MAIN)).isFalse();
        assertThat(policy.judge(S3FifoPolicy.SMALL, 8, 0, BYTES, 7))
                .isEqualTo(S3FifoPolicy.KEEP_FOR_VICTIM);
        assertThat(policy.judge(S3FifoPolicy.SMALL, 7, 3, BYTES, 8)).isEqualTo(S3FifoPolicy.EVICT);
        assertThat(policy.judge(S3FifoPolicy.SMALL, 7, 3, BYTES, 7)).isEqualTo(S3FifoPolicy.EVICT);
    }

    @Test
    void judge_whileMainIsUnderItsTarget_keepsAllWithoutDuel() {
        mode = AdmissionMode.TINY_LFU;
        assertThat(policy.source(100, 100)).isEqualTo(S3FifoPolicy.SMALL);

        assertThat(policy.duels(S3FifoPolicy.SMALL)).isFalse();
        assertThat(judge(S3FifoPolicy.SMALL, 0)).isEqualTo(S3FifoPolicy.KEEP);
    }

    @Test
    void judge_main_keepsNoMoreThanThreeBytesForEachThatGoes() {
        int kept = 0;
        int evicted = 0;
        for (int item = 0; item < 100_000; item++) {
            policy.admit(item, BYTES);
            policy.source(100, 900);
            int verdict = policy.judge(S3FifoPolicy.MAIN, item, 3, BYTES, NO_VICTIM);
            kept += verdict == S3FifoPolicy.KEEP ? 1 : 0;
            evicted += verdict == S3FifoPolicy.EVICT ? 1 : 0;
        }

        assertThat(kept + evicted).isEqualTo(100_000);
        assertThat(kept).isBetween(2 * evicted, 3 * evicted);
    }

    /** With few segments the small queue's least is more than its share. */
    @Test
    void mainThatCannotReachItsTarget_givesWayAfterOneRound() {
        mode = AdmissionMode.TINY_LFU;
        int kept = 0;
        while (policy.source(1_000, 9_000) == S3FifoPolicy.SMALL
                && !policy.duels(S3FifoPolicy.SMALL)) {
            assertThat(judge(S3FifoPolicy.SMALL, 0)).isEqualTo(S3FifoPolicy.KEEP);
            assertThat(++kept).isLessThan(1_000);
        }

        assertThat(kept).isEqualTo(101);
        assertThat(judge(S3FifoPolicy.SMALL, 0)).isEqualTo(S3FifoPolicy.EVICT);
        policy.source(1_000, 9_000);
        assertThat(policy.duels(S3FifoPolicy.SMALL)).isTrue();
    }

    /** Two segments are as small as a small queue gets: its leavers must meet MAIN's victims. */
    @Test
    void adopts_untilTheSmallQueueHasASegmentMoreThanItsShare() {
        mode = AdmissionMode.TINY_LFU;
        long smallBytes = 10_000;
        policy.source(smallBytes, 0);
        while (policy.adopts(S3FifoPolicy.SMALL)) {
            smallBytes -= 500;
            policy.source(smallBytes, 10_000 - smallBytes);
        }

        assertThat(smallBytes).isEqualTo(1_000);
        assertThat(policy.duels(S3FifoPolicy.SMALL)).isTrue();
    }

    @Test
    void clock_admitsToMain_andGivesOneRound() {
        mode = AdmissionMode.CLOCK;
        policy.admit(1, BYTES);

        assertThat(policy.source(1, 999)).isEqualTo(S3FifoPolicy.SMALL);
        assertThat(policy.source(0, 1000)).isEqualTo(S3FifoPolicy.MAIN);
        assertThat(policy.admit(7, BYTES)).isEqualTo(S3FifoPolicy.MAIN);
        assertThat(judge(S3FifoPolicy.SMALL, 1)).isEqualTo(S3FifoPolicy.KEEP);
        assertThat(policy.freqAfter(S3FifoPolicy.MAIN, 3)).isZero();
    }

    /** The caller found no victim, so it must not be told to evict one. */
    @Test
    void modeThatChangesBetweenSourceAndJudge_waitsForTheNextItem() {
        policy.source(500, 9_500);
        assertThat(policy.duels(S3FifoPolicy.SMALL)).isFalse();
        mode = AdmissionMode.TINY_LFU;
        for (int access = 0; access < 10; access++) {
            sketch.increment(7);
        }

        assertThat(judge(S3FifoPolicy.SMALL, 0)).isEqualTo(S3FifoPolicy.EVICT);
        policy.source(500, 9_500);
        assertThat(policy.duels(S3FifoPolicy.SMALL)).isFalse();
        policy.source(100, 9_900);
        assertThat(policy.duels(S3FifoPolicy.SMALL)).isTrue();
        assertThat(judge(S3FifoPolicy.SMALL, 0)).isEqualTo(S3FifoPolicy.KEEP_FOR_VICTIM);
    }
}
