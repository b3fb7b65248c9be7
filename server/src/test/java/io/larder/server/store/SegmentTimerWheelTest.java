package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTimerWheelTest {
    private static final int SEGMENTS = 64;
    private static final long TICK_MILLIS = 64;
    private static final long START = 1_000_000;

    private final SegmentTable segments =
            new SegmentTable(
                    StoreMemory.passing(SEGMENTS, 64, HeapMemory::allocate), 64, 1, SEGMENTS * 64);
    private final SegmentTimerWheel wheel = new SegmentTimerWheel(segments, START);

    SegmentTimerWheelTest() {
        for (int segment = 0; segment < SEGMENTS; segment++) {
            segments.open(segment, 0);
        }
    }

    private void schedule(int segment, long dueMillis) {
        segments.setDueMillis(segment, dueMillis);
        wheel.schedule(segment);
    }

    @Test
    void segment_isHandedOutOnce_neverEarly_andAtMostATickLate() {
        schedule(3, START + 1_000);

        assertThat(wheel.poll(START + 999)).isEqualTo(SegmentTable.NONE);
        assertThat(wheel.poll(START + 1_000 + TICK_MILLIS)).isEqualTo(3);
        assertThat(wheel.poll(START + 100_000)).isEqualTo(SegmentTable.NONE);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void segment_dueInThePast_isHandedOutAtTheNextTick() {
        schedule(3, 0);

        assertThat(wheel.poll(START + TICK_MILLIS)).isEqualTo(3);
    }

    @Test
    void cancelledSegment_isNotHandedOut() {
        schedule(3, START + 1_000);
        wheel.cancel(3);
        wheel.cancel(3);

        assertThat(wheel.poll(START + 10_000)).isEqualTo(SegmentTable.NONE);
    }

    @Test
    void segment_furtherOffThanTheWheelsReach_waits() {
        long year = 365L * 86_400_000;
        schedule(3, START + year);

        for (long day = 0; day < 365; day++) {
            assertThat(wheel.poll(START + day * 86_400_000)).isEqualTo(SegmentTable.NONE);
        }
        assertThat(wheel.poll(START + year + TICK_MILLIS)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomSchedules_comeInTime(long seed) {
        Random random = new Random(seed);
        Map<Integer, Long> due = new HashMap<>();
        long now = START;
        for (int step = 0; step < 20_000; step++) {
            int segment = random.nextInt(SEGMENTS);
            if (random.nextInt(3) > 0) {
                long reach = 1L << random.nextInt(34);
                long dueMillis = Math.max(0, now + (long) (random.nextDouble() * reach) - 100);
                schedule(segment, dueMillis);
                due.put(segment, Math.max(dueMillis, now));
            } else if (random.nextBoolean()) {
                wheel.cancel(segment);
                due.remove(segment);
            }
            now += random.nextInt(200);
            if (random.nextInt(500) == 0) {
                now += random.nextInt(100_000_000);
            }
            for (int polled = wheel.poll(now); polled >= 0; polled = wheel.poll(now)) {
                assertThat(due.remove(polled))
                        .as("due of %d at %d", polled, now)
                        .isLessThanOrEqualTo(now);
            }
            long late = now - 2 * TICK_MILLIS;
            assertThat(due.values()).allMatch(dueMillis -> dueMillis > late);
        }
        assertThat(wheel.size()).isEqualTo(due.size());
    }
}
