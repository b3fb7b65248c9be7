package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ShardLockTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 50_000;

    private long guarded;

    @Test
    void lock_byManyThreads_excludesAndWakesAll() throws Exception {
        ShardLock lock = new ShardLock();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> count(lock)));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(guarded).isEqualTo((long) THREADS * ROUNDS);
    }

    private void count(ShardLock lock) {
        for (int round = 0; round < ROUNDS; round++) {
            lock.lock();
            try {
                guarded++;
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void lock_whileInterrupted_isTakenAndTheInterruptKept() throws Exception {
        ShardLock lock = new ShardLock();
        lock.lock();
        boolean[] interrupted = {false};
        Thread waiter =
                new Thread(
                        () -> {
                            lock.lock();
                            interrupted[0] = Thread.interrupted();
                            lock.unlock();
                        });
        waiter.start();
        Awaitility.await().until(() -> waiter.getState() == Thread.State.WAITING);

        waiter.interrupt();
        lock.unlock();
        waiter.join();

        assertThat(interrupted[0]).isTrue();
        assertThat(lock.isLocked()).isFalse();
    }
}
