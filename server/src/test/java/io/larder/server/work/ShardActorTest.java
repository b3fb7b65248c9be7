package io.larder.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ShardActorTest {
    private final Deque<Runnable> queued = new ArrayDeque<>();
    private final List<Throwable> errors = new ArrayList<>();
    private int left;
    private int runs;

    private final ShardActor actor =
            new ShardActor(
                    queued::add,
                    budget -> {
                        runs++;
                        return left;
                    },
                    1,
                    errors::add);

    private void runAll() {
        while (!queued.isEmpty()) {
            queued.poll().run();
        }
    }

    @Test
    void request_manyTimesBeforeARun_runsOnce() {
        actor.request();
        actor.request();
        runAll();

        assertThat(runs).isEqualTo(1);
    }

    @Test
    void request_duringARun_runsAgain() {
        ShardActor[] self = new ShardActor[1];
        self[0] =
                new ShardActor(
                        queued::add,
                        budget -> {
                            if (runs++ == 0) {
                                self[0].request();
                            }
                            return 0;
                        },
                        1,
                        errors::add);
        self[0].request();
        runAll();

        assertThat(runs).isEqualTo(2);
    }

    @Test
    void tryRun_whileScheduled_keepsTheRequestAndAddsNoEntry() {
        actor.request();

        assertThat(actor.tryRun(budget -> 0)).isTrue();
        assertThat(queued).hasSize(1);
        runAll();

        assertThat(runs).isEqualTo(1);
    }

    @Test
    void entryUsedUp_whileAHelperRuns_isQueuedAnew() {
        actor.request();
        Runnable entry = queued.poll();

        actor.tryRun(
                budget -> {
                    entry.run();
                    assertThat(runs).isZero();
                    return 0;
                });
        runAll();

        assertThat(runs).isEqualTo(1);
    }

    @Test
    void taskThatThrows_isReportedAndTheActorStaysInService() {
        ShardActor throwing =
                new ShardActor(
                        queued::add,
                        budget -> {
                            runs++;
                            throw new IllegalStateException("planted");
                        },
                        1,
                        errors::add);
        throwing.request();
        runAll();
        throwing.request();
        runAll();

        assertThat(runs).isEqualTo(2);
        assertThat(errors).hasSize(2);
    }

    @Test
    void manyShardsQueuedByOneWorker_areRunByTwo_andNoTwoOfOneOverlap() throws Exception {
        int shards = 16;
        int turns = 50;
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger[] inside = new AtomicInteger[shards];
        CountDownLatch done = new CountDownLatch(shards);
        CountDownLatch queuedAll = new CountDownLatch(1);
        try (MaintenancePool pool = new MaintenancePool(4, errors::add)) {
            ShardActor[] actors = new ShardActor[shards];
            for (int i = 0; i < shards; i++) {
                AtomicInteger mine = inside[i] = new AtomicInteger();
                int[] turn = {0};
                actors[i] =
                        new ShardActor(
                                pool,
                                budget -> {
                                    if (mine.incrementAndGet() != 1) {
                                        overlaps.incrementAndGet();
                                    }
                                    awaitQuietly(queuedAll);
                                    mine.decrementAndGet();
                                    if (++turn[0] == turns) {
                                        done.countDown();
                                    }
                                    return Math.max(0, turns - turn[0]);
                                },
                                1,
                                errors::add);
            }
            pool.execute(
                    () -> {
                        for (ShardActor each : actors) {
                            each.request();
                            each.request();
                        }
                        // This worker stays busy until another has taken one of its tasks.
                        Awaitility.await().until(() -> anyInside(inside));
                        queuedAll.countDown();
                    });

            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().until(() -> pool.steals() > 0);
        }
        assertThat(overlaps).hasValue(0);
        assertThat(errors).isEmpty();
    }

    private static boolean anyInside(AtomicInteger[] inside) {
        for (AtomicInteger each : inside) {
            if (each.get() > 0) {
                return true;
            }
        }
        return false;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
