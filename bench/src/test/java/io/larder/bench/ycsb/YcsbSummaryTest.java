package io.larder.bench.ycsb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class YcsbSummaryTest {
    @Test
    void parse_readsOverallAndCounts() {
        YcsbSummary summary =
                summary(
                        "Data integrity is enabled.",
                        "[OVERALL], RunTime(ms), 2000",
                        "[OVERALL], Throughput(ops/sec), 500.0",
                        "[READ], Operations, 600",
                        "[READ], 99thPercentileLatency(us), 120",
                        "[READ], Return=OK, 600",
                        "[UPDATE], Return=OK, 400");

        assertThat(summary.runtimeMillis()).isEqualTo(2_000);
        assertThat(summary.operations()).isEqualTo(1_000);
        assertThat(summary.calls()).isEqualTo(1_000);
        assertThat(summary.failed()).isZero();
        assertThat(summary.misses()).isZero();
    }

    @Test
    void notFound_isAMissAndNoFailure() {
        YcsbSummary summary =
                summary(
                        "[READ], Return=OK, 7",
                        "[READ], Return=NOT_FOUND, 3",
                        "[READ-FAILED], x, 3");

        assertThat(summary.misses()).isEqualTo(3);
        assertThat(summary.failed()).isZero();
    }

    @Test
    void anyOtherStatus_isAFailure() {
        YcsbSummary summary =
                summary(
                        "[READ], Return=ERROR, 3",
                        "[SCAN], Return=NOT_IMPLEMENTED, 4",
                        "[INSERT], Return=SERVICE_UNAVAILABLE, 5",
                        "[INSERT], Return=OK, 6");

        assertThat(summary.failed()).isEqualTo(12);
    }

    @Test
    void readModifyWrite_countsItsTwoCallsOnly() {
        YcsbSummary summary =
                summary(
                        "[OVERALL], RunTime(ms), 1000",
                        "[OVERALL], Throughput(ops/sec), 10.0",
                        "[READ], Return=OK, 9",
                        "[READ], Return=NOT_FOUND, 1",
                        "[UPDATE], Return=OK, 4",
                        "[READ-MODIFY-WRITE], Return=OK, 4",
                        "[READ-MODIFY-WRITE], Return=NOT_FOUND, 1");

        assertThat(summary.calls()).isEqualTo(14);
        assertThat(summary.operations()).isEqualTo(10);
        assertThat(summary.misses()).isEqualTo(1);
        assertThat(summary.failed()).isZero();
    }

    @Test
    void verifyUnexpectedState_isAFailure() {
        YcsbSummary summary =
                summary(
                        "[READ], Return=OK, 10",
                        "[VERIFY], Return=OK, 9",
                        "[VERIFY], Return=UNEXPECTED_STATE, 1");

        assertThat(summary.verified()).isEqualTo(9);
        assertThat(summary.failed()).isEqualTo(1);
    }

    @Test
    void verifyError_ofAMiss_isNoFailure() {
        YcsbSummary summary =
                summary(
                        "[READ], Return=OK, 8",
                        "[READ], Return=NOT_FOUND, 2",
                        "[VERIFY], Return=OK, 8",
                        "[VERIFY], Return=ERROR, 2");

        assertThat(summary.failed()).isZero();
        assertThat(summary.misses()).isEqualTo(2);
    }

    @Test
    void verifyError_ofAReadThatClaimedSuccess_isAFailure() {
        YcsbSummary summary =
                summary(
                        "[READ], Return=OK, 10",
                        "[VERIFY], Return=OK, 9",
                        "[VERIFY], Return=ERROR, 1");

        assertThat(summary.failed()).isEqualTo(1);
    }

    @Test
    void parse_withoutSummary_hasDoneNothing() {
        YcsbSummary summary = summary("java.lang.IllegalStateException: something else");

        assertThat(summary.calls()).isZero();
        assertThat(summary.operations()).isZero();
    }

    private static YcsbSummary summary(String... lines) {
        return YcsbSummary.parse(List.of(lines));
    }
}
