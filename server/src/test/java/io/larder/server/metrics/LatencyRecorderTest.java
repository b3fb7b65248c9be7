package io.larder.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private final LatencyRecorder recorder = new LatencyRecorder();

    @Test
    void nothingRecorded_isZeroThroughout() {
        LatencyFigures figures = recorder.figures();

        assertThat(figures.count()).isZero();
        assertThat(figures.sumNanos()).isZero();
        assertThat(figures.percentileNanos(99)).isZero();
        assertThat(figures.maxNanos()).isZero();
        assertThat(figures.countAtMost(1_000_000)).isZero();
    }

    @Test
    void percentiles_areThoseOfWhatWasRecorded_toAHundredth() {
        for (int micros = 1; micros <= 1_000; micros++) {
            recorder.record(micros * 1_000L);
        }
        LatencyFigures figures = recorder.figures();

        assertThat(figures.count()).isEqualTo(1_000);
        assertThat(figures.sumNanos()).isEqualTo(500_500_000);
        assertThat((double) figures.percentileNanos(50)).isCloseTo(500_000, within(5_000.0));
        assertThat((double) figures.percentileNanos(99)).isCloseTo(990_000, within(9_900.0));
        assertThat((double) figures.maxNanos()).isCloseTo(1_000_000, within(10_000.0));
        assertThat((double) figures.countAtMost(250_000)).isCloseTo(250, within(3.0));
    }

    @Test
    void timesOutOfRange_countAsTheNearest() {
        recorder.record(-5);
        recorder.record(Long.MAX_VALUE);
        LatencyFigures figures = recorder.figures();

        assertThat(figures.count()).isEqualTo(2);
        assertThat(figures.countAtMost(0)).isEqualTo(1);
        assertThat(figures.sumNanos()).isEqualTo(LatencyRecorder.NANOS_MAX);
    }

    @Test
    void buckets_holdEveryTime_andTheirDifferenceThoseOfTheTimeBetween() {
        recorder.record(700);
        recorder.record(50_000);
        List<LatencyFigures.Bucket> before = recorder.figures().buckets();
        recorder.record(50_000);
        recorder.record(LatencyRecorder.NANOS_MAX);
        List<LatencyFigures.Bucket> after = recorder.figures().buckets();

        assertThat(before).extracting(LatencyFigures.Bucket::count).containsExactly(1L, 1L);
        assertThat(after).extracting(LatencyFigures.Bucket::count).containsExactly(1L, 2L, 1L);
        assertThat(after.subList(0, 2))
                .extracting(LatencyFigures.Bucket::nanosAtMost)
                .isEqualTo(before.stream().map(LatencyFigures.Bucket::nanosAtMost).toList());
        assertThat(after.get(1).nanosAtMost()).isBetween(50_000L, 56_000L);
    }

    @Test
    void figures_areNotChangedByWhatIsRecordedLater() {
        recorder.record(1_000);
        LatencyFigures figures = recorder.figures();

        recorder.record(2_000);

        assertThat(figures.count()).isEqualTo(1);
        assertThat(recorder.figures().count()).isEqualTo(2);
    }

    @Test
    void recordedByManyThreads_isAllThere() throws InterruptedException {
        int each = 20_000;
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    new Thread(
                            () -> {
                                try {
                                    start.await();
                                } catch (InterruptedException e) {
                                    return;
                                }
                                for (int n = 0; n < each; n++) {
                                    recorder.record(n);
                                }
                            });
            threads[i].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(recorder.figures().count()).isEqualTo(4L * each);
    }
}
