package io.larder.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.larder.server.metrics.ThreadStripes;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final int RING_ENTRIES = 64;

    private final AccessLog log = new AccessLog(RING_ENTRIES);
    private final List<Long> seen = new ArrayList<>();

    private void keep(long[] entries, int count) {
        for (int i = 0; i < count; i++) {
            seen.add(entries[i]);
        }
    }

    @Test
    void drain_tellsHitsFromInserts_andGivesTheHashWithoutItsLowestBit() {
        log.recordHit(0xABCDL);
        log.recordInsert(0xABCCL);

        assertThat(log.drain(this::keep, 10)).isZero();

        assertThat(seen).hasSize(2);
        assertThat(AccessLog.isInsert(seen.get(0))).isFalse();
        assertThat(AccessLog.isInsert(seen.get(1))).isTrue();
        assertThat(seen).allSatisfy(it -> assertThat(AccessLog.hash(it)).isEqualTo(0xABCCL));
    }

    @Test
    void recorded_isDrainedOrDropped_toTheLastEntry() {
        for (int i = 0; i < 3 * RING_ENTRIES; i++) {
            log.recordHit(i);
        }
        log.drain(this::keep, Integer.MAX_VALUE);

        assertThat(seen).hasSize(RING_ENTRIES);
        assertThat(log.drained()).isEqualTo(RING_ENTRIES);
        assertThat(log.dropped()).isEqualTo(2 * RING_ENTRIES);
    }

    @Test
    void drain_withWorkBeyondItsBudget_saysSo_andGoesOnWithTheNextRing() throws Exception {
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> fill(RING_ENTRIES));
            thread.start();
            thread.join();
        }
        fill(RING_ENTRIES);
        int turns = 1;
        while (log.drain(this::keep, 1) != 0) {
            turns++;
        }

        assertThat(turns).isGreaterThan(1);
        assertThat(log.drained() + log.dropped()).isEqualTo(3 * RING_ENTRIES);
    }

    private void fill(int entries) {
        for (int i = 0; i < entries; i++) {
            log.recordHit(i << 1);
        }
    }

    @Test
    void drainDue_isToldAtEveryHalfRing() {
        AtomicInteger due = new AtomicInteger();
        log.onDrainDue(due::incrementAndGet);

        fill(RING_ENTRIES);

        assertThat(due).hasValue(2);
    }

    @Test
    void sinkThatThrows_losesItsBatchOnly() {
        fill(3);
        try {
            log.drain(
                    (entries, count) -> {
                        throw new IllegalStateException("planted");
                    },
                    10);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("planted");
        }
        fill(2);
        log.drain(this::keep, 10);

        assertThat(seen).hasSize(2);
        assertThat(log.drained()).isEqualTo(5);
    }

    @Test
    void thousandsOfShortLivedThreads_loseNothing_andGrowNothing() throws Exception {
        int threads = 3_000;
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> fill(2));
            thread.start();
            thread.join();
            if (i % 20 == 0) {
                log.drain(this::keep, Integer.MAX_VALUE);
            }
        }
        log.drain(this::keep, Integer.MAX_VALUE);

        assertThat(log.dropped()).isZero();
        assertThat(log.drained()).isEqualTo(2L * threads);
        assertThat(log.rings()).isLessThanOrEqualTo(ThreadStripes.COUNT);
    }

    @Test
    void threadsAndADrainAtOnce_accountForEveryEntry() throws Exception {
        int threads = 4;
        int entries = 200_000;
        AtomicLong handedOver = new AtomicLong();
        Thread[] producers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            producers[i] = new Thread(() -> fill(entries));
            producers[i].start();
        }
        for (Thread producer : producers) {
            while (producer.isAlive()) {
                log.drain((batch, count) -> handedOver.addAndGet(count), 1_000);
            }
        }
        while (log.drain((batch, count) -> handedOver.addAndGet(count), 1_000) != 0) {}

        assertThat(handedOver.get()).isEqualTo(log.drained());
        assertThat(log.drained() + log.dropped()).isEqualTo((long) threads * entries);
    }

    @Test
    void virtualThreads_shareAFewRings_andEveryEntryIsAccountedFor() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        int threads = 2_000;
        List<Thread> virtual = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            virtual.add((Thread) start.invoke(null, (Runnable) () -> fill(10)));
        }
        for (Thread thread : virtual) {
            thread.join();
        }
        log.drain(this::keep, Integer.MAX_VALUE);

        assertThat(log.drained()).isPositive();
        assertThat(log.drained() + log.dropped()).isEqualTo(10L * threads);
        assertThat(log.rings()).isLessThanOrEqualTo(ThreadStripes.SHARED_COUNT);
    }
}
