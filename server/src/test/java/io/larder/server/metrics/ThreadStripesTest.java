package io.larder.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ThreadStripesTest {
    private static <T> T inAThread(Callable<T> body)
            throws InterruptedException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }

    @Test
    void own_isTheSameForAllCallsOfAThread() throws Exception {
        List<Integer> stripes = inAThread(() -> List.of(ThreadStripes.own(), ThreadStripes.own()));

        assertThat(stripes.get(0)).isNotEqualTo(ThreadStripes.NONE).isEqualTo(stripes.get(1));
    }

    @Test
    void own_ofLivingThreads_isNeverShared_howeverManyTheyAre() throws Exception {
        int threads = ThreadStripes.COUNT + 40;
        int[] stripes = new int[threads];
        Thread[] all = new Thread[threads];
        CountDownLatch taken = new CountDownLatch(threads);
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            int number = i;
            all[i] =
                    new Thread(
                            () -> {
                                stripes[number] = ThreadStripes.own();
                                taken.countDown();
                                awaitQuietly(end);
                            });
            all[i].start();
        }
        taken.await();
        end.countDown();
        for (Thread thread : all) {
            thread.join();
        }

        Set<Integer> seen = new HashSet<>();
        int without = 0;
        for (int stripe : stripes) {
            if (stripe == ThreadStripes.NONE) {
                without++;
            } else {
                assertThat(stripe).isBetween(0, ThreadStripes.COUNT - 1);
                assertThat(seen.add(stripe)).isTrue();
            }
        }
        assertThat(without).isGreaterThanOrEqualTo(40);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void stripesOfDeadThreads_areTakenByOthers() throws Exception {
        for (int i = 0; i < 4 * ThreadStripes.COUNT; i++) {
            assertThat(inAThread(ThreadStripes::own)).isNotEqualTo(ThreadStripes.NONE);
        }
    }

    @Test
    void shared_isInRange() throws Exception {
        assertThat(inAThread(ThreadStripes::shared)).isBetween(0, ThreadStripes.SHARED_COUNT - 1);
    }

    @Test
    void virtualThread_hasNoStripe() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        FutureTask<Integer> task = new FutureTask<>(ThreadStripes::own);
        Thread virtual =
                (Thread)
                        Thread.class
                                .getMethod("startVirtualThread", Runnable.class)
                                .invoke(null, task);
        virtual.join();

        assertThat(task.get()).isEqualTo(ThreadStripes.NONE);
    }
}
