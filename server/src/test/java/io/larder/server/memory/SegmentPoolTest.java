package io.larder.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class SegmentPoolTest {
    @Test
    void take_fromAFreshPool_givesEachSegmentOnceThenNone() {
        SegmentPool pool = new SegmentPool(3);

        assertThat(List.of(pool.take(0), pool.take(0), pool.take(0), pool.take(0)))
                .containsExactly(0, 1, 2, -1);
    }

    @Test
    void take_downToTheReserve_refuses() {
        SegmentPool pool = new SegmentPool(3);

        assertThat(List.of(pool.take(2), pool.take(2))).containsExactly(0, -1);
        assertThat(pool.free()).isEqualTo(2);
        assertThat(pool.take(1)).isEqualTo(1);
    }

    @Test
    void takeAndGive_byFourThreads_neverLeavesASegmentToTwo() throws Exception {
        int segments = 5;
        SegmentPool pool = new SegmentPool(segments);
        AtomicIntegerArray holders = new AtomicIntegerArray(segments);
        Callable<Integer> churn =
                () -> {
                    int taken = 0;
                    for (int i = 0; i < 200_000; i++) {
                        int segment = pool.take(i & 1);
                        if (segment >= 0) {
                            taken++;
                            assertThat(holders.incrementAndGet(segment)).isEqualTo(1);
                            holders.decrementAndGet(segment);
                            pool.give(segment);
                        }
                    }
                    return taken;
                };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(churn));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(pool.free()).isEqualTo(segments);
    }

    @Test
    void take_byFourThreadsWithAReserve_neverGoesBelowIt() throws Exception {
        int segments = 5;
        int reserve = 2;
        SegmentPool pool = new SegmentPool(segments);
        AtomicInteger held = new AtomicInteger();
        Callable<Integer> churn =
                () -> {
                    int most = 0;
                    for (int i = 0; i < 100_000 || most == 0; i++) {
                        int segment = pool.take(reserve);
                        if (segment >= 0) {
                            most = Math.max(most, held.incrementAndGet());
                            held.decrementAndGet();
                            pool.give(segment);
                        }
                    }
                    return most;
                };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Integer> most : threads.invokeAll(Collections.nCopies(4, churn))) {
                assertThat(most.get()).isBetween(1, segments - reserve);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
