package io.larder.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessDrainTest {
    private static final int PROCESSORS = 1;
    private static final long WORK_NANOS = 1_000_000;
    private static final long REST_NANOS = (long) (WORK_NANOS * (1 / AccessDrain.SHARE - 1));

    private final AccessLog log = new AccessLog(64);
    private long nanos;
    private int turns;

    private final AccessDrain drain =
            new AccessDrain(
                    budget -> log.drain((entries, count) -> work(), budget),
                    AccessDrain.SHARE,
                    () -> nanos,
                    PROCESSORS);

    private void work() {
        turns++;
        nanos += WORK_NANOS;
    }

    @Test
    void run_afterATurn_restsInProportionToItsWork() {
        log.recordHit(2);
        drain.run(100);
        log.recordHit(2);

        nanos += REST_NANOS - 1;
        assertThat(drain.isDue()).isFalse();
        drain.run(100);
        assertThat(turns).isEqualTo(1);

        nanos += 1;
        assertThat(drain.isDue()).isTrue();
        drain.run(100);
        assertThat(turns).isEqualTo(2);
    }

    @Test
    void run_thatFoundNothing_restsTheLeastTime() {
        drain.run(100);

        nanos += AccessDrain.REST_NANOS_MIN - 1;
        assertThat(drain.isDue()).isFalse();
        nanos += 1;
        assertThat(drain.isDue()).isTrue();
    }

    @Test
    void underSaturation_workIsAtMostItsShare() {
        long end = 1_000 * WORK_NANOS;
        while (nanos < end) {
            log.recordHit(2);
            drain.run(100);
            nanos += 1_000;
        }

        assertThat((double) turns * WORK_NANOS / nanos)
                .isBetween(AccessDrain.SHARE * 0.9, AccessDrain.SHARE * 1.1);
    }

    @Test
    void sinkThatThrows_isFollowedByARestToo() {
        AccessDrain throwing =
                new AccessDrain(
                        budget -> {
                            throw new IllegalStateException("planted");
                        },
                        AccessDrain.SHARE,
                        () -> nanos,
                        PROCESSORS);
        log.recordHit(2);
        try {
            throwing.run(100);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("planted");
        }

        assertThat(throwing.isDue()).isFalse();
    }
}
