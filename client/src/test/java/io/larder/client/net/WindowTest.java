package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WindowTest {
    private static final long NEVER = TimeUnit.HOURS.toNanos(1);

    private final AtomicLong clock = new AtomicLong();

    private Window window(int calls, long bytes) {
        return new Window(calls, bytes, clock::get);
    }

    @Test
    void tryAcquire_upToTheCount() {
        Window window = window(2, 1_000);

        assertThat(window.tryAcquire(1)).isTrue();
        assertThat(window.tryAcquire(1)).isTrue();
        assertThat(window.tryAcquire(1)).isFalse();
        assertThat(window.calls()).isEqualTo(2);
        window.release(1);
        assertThat(window.tryAcquire(1)).isTrue();
    }

    @Test
    void tryAcquire_upToTheBytes() {
        Window window = window(100, 1_000);

        assertThat(window.tryAcquire(600)).isTrue();
        assertThat(window.tryAcquire(401)).isFalse();
        assertThat(window.tryAcquire(400)).isTrue();
        assertThat(window.bytes()).isEqualTo(1_000);
        window.release(600);
        window.release(400);
        assertThat(window.bytes()).isZero();
        assertThat(window.calls()).isZero();
    }

    @Test
    void acquireBeyondLimit_countsAndIsGivenBack() {
        Window window = window(1, 10);
        assertThat(window.tryAcquire(10)).isTrue();

        window.acquireBeyondLimit(10);

        assertThat(window.calls()).isEqualTo(2);
        window.release(10);
        assertThat(window.tryAcquire(1)).isFalse();
        window.release(10);
        assertThat(window.tryAcquire(1)).isTrue();
    }

    @Test
    void largestBounds_doNotSpillIntoEachOther() {
        Window window = window(1 << 16, 1L << 36);
        for (int i = 0; i < 32; i++) {
            assertThat(window.tryAcquire(Integer.MAX_VALUE)).isTrue();
        }
        assertThat(window.calls()).isEqualTo(32);
        assertThat(window.bytes()).isEqualTo(32L * Integer.MAX_VALUE);
    }

    @Test
    void acquire_afterItsDeadline_isRefused() throws Exception {
        Window window = window(1, 10);
        assertThat(window.tryAcquire(1)).isTrue();
        clock.set(100);

        assertThat(window.acquire(1, 100)).isFalse();
    }

    @Test
    void acquire_whileFull_waitsForARelease() throws Exception {
        Window window = window(1, 10);
        assertThat(window.tryAcquire(1)).isTrue();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> waiting = executor.submit(() -> window.acquire(1, NEVER));
            assertThat(window.calls()).isEqualTo(1);

            window.release(1);

            assertThat(waiting.get()).isTrue();
            assertThat(window.calls()).isEqualTo(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void acquire_interrupted_takesNothing() throws Exception {
        Window window = window(1, 10);
        assertThat(window.tryAcquire(1)).isTrue();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Future<Boolean> waiting = executor.submit(() -> window.acquire(1, NEVER));

        executor.shutdownNow();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        window.release(1);
        assertThat(window.calls()).isZero();
    }

    @Test
    void manyThreads_neverExceedTheBoundsAndAllGetThrough() throws Exception {
        int threads = 8;
        int rounds = 5_000;
        Window window = window(3, 100);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger bytes = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int size = 10 + thread * 10;
                workers.add(
                        executor.submit(
                                () -> {
                                    for (int i = 0; i < rounds; i++) {
                                        assertThat(window.acquire(size, NEVER)).isTrue();
                                        assertThat(calls.incrementAndGet()).isLessThanOrEqualTo(3);
                                        assertThat(bytes.addAndGet(size)).isLessThanOrEqualTo(100);
                                        bytes.addAndGet(-size);
                                        calls.decrementAndGet();
                                        window.release(size);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(window.calls()).isZero();
        assertThat(window.bytes()).isZero();
    }

    @Test
    void acquire_byManyWaiters_eachGetsItsTurn() throws Exception {
        Window window = window(1, 10);
        assertThat(window.tryAcquire(1)).isTrue();
        AtomicInteger through = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 8; i++) {
                executor.execute(
                        () -> {
                            try {
                                if (window.acquire(1, NEVER)) {
                                    through.incrementAndGet();
                                    window.release(1);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
            }
            window.release(1);
            await().until(() -> through.get() == 8);
        } finally {
            executor.shutdownNow();
        }
    }
}
