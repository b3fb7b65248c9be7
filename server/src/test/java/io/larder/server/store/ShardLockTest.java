package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ShardLockTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 50_000;

    /** Time in which nobody will wake a waiter that nobody will wake. */
    private static final int STRANDED_MILLIS = 100;

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
    void lock_byItsHolder_isRefused() {
        ShardLock lock = new ShardLock();
        lock.lock();

        assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lock.tryLock(Long.MAX_VALUE))
                .isInstanceOf(IllegalStateException.class);
        lock.unlock();
        assertThat(lock.tryLock(0)).isTrue();
    }

    @Test
    void tryLock_whileHeld_givesUp_andLaterSucceeds() throws Exception {
        ShardLock lock = new ShardLock();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            lock.lock();
            assertThat(thread.submit(() -> lock.tryLock(1_000)).get()).isFalse();
            lock.unlock();
            assertThat(thread.submit(() -> lock.tryLock(1_000)).get()).isTrue();
            assertThat(lock.isLocked()).isTrue();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void tryLock_wokenInTheMomentItGivesUp_leavesTheWakeUpToTheNext() throws Exception {
        assertThat(secondWaiterGetsThrough(new Late())).isTrue();
    }

    @Test
    void tryLock_wokenInTheMomentItGivesUp_withoutALastSwap_strandsTheNext() throws Exception {
        assertThat(secondWaiterGetsThrough(new LateWithoutLastSwap())).isFalse();
    }

    /**
     * A first waiter's time is up; before it leaves the queue a second one parks behind it and the
     * holder unlocks, which wakes the first. Says whether the second gets the lock then.
     */
    private static boolean secondWaiterGetsThrough(Late lock) throws Exception {
        Thread second =
                new Thread(
                        () -> {
                            lock.lock();
                            lock.unlock();
                        });
        ExecutorService holder = Executors.newSingleThreadExecutor();
        try {
            holder.submit(lock::lock).get();
            lock.meanwhile =
                    () -> {
                        second.start();
                        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
                        holder.submit(lock::unlock).get();
                        return null;
                    };
            if (lock.tryLock(1)) {
                lock.unlock();
            }
            second.join(lock instanceof LateWithoutLastSwap ? STRANDED_MILLIS : 0);
            boolean isThrough = !second.isAlive();
            LockSupport.unpark(second);
            second.join();
            return isThrough;
        } finally {
            holder.shutdownNow();
        }
    }

    /** Has something happen between a waiter's last look at the lock and its leaving the queue. */
    private static class Late extends ShardLock {
        Callable<?> meanwhile = () -> null;

        @Override
        long leftNanos(long deadlineNanos) {
            try {
                meanwhile.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return 0;
        }
    }

    private static final class LateWithoutLastSwap extends Late {
        @Override
        boolean contendOnceMore() {
            return false;
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
