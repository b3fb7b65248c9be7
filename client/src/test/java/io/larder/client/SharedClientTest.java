package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.larder.client.api.BytesCache;
import io.larder.client.api.ClientClosedException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads and one client, against the real server: every value must be the right one. */
@Timeout(120)
@Tag("slow")
class SharedClientTest {
    private static final int THREADS = 16;
    private static final int OPERATIONS = 4_000;
    private static final int KEYS = 50;
    private static final long SEED = System.nanoTime();

    @Test
    void sixteenThreads_neverSeeAnothersValue() throws Exception {
        try (RealServer server = RealServer.start();
                Larder larder =
                        Larder.builder(server.uri())
                                .requestTimeout(Duration.ofSeconds(20))
                                .connect()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                work.add(
                        () -> {
                            new Worker(larder.cache(), number).run();
                            return null;
                        });
            }
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            try {
                for (Future<Void> done : executor.invokeAll(work)) {
                    done.get();
                }
            } catch (ExecutionException e) {
                fail("seed " + SEED, e.getCause());
            } finally {
                executor.shutdownNow();
            }
            assertThat(larder.stats()).containsEntry("uncaught_errors", "0");
        }
    }

    /** One thread's keys, and what it knows of them: nobody else writes them. */
    private static final class Worker {
        private final BytesCache cache;
        private final int number;
        private final SplittableRandom random;
        private final String[] expected = new String[KEYS];
        private final long[] versions = new long[KEYS];
        private long counter;
        private int written;

        Worker(BytesCache cache, int number) {
            this.cache = cache;
            this.number = number;
            this.random = new SplittableRandom(SEED + number);
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                int index = random.nextInt(KEYS);
                switch (random.nextInt(8)) {
                    case 0, 1 -> put(index);
                    case 2 -> compareAndSet(index);
                    case 3 -> delete(index);
                    case 4 -> getAll();
                    case 5 -> count();
                    case 6 -> pipeline();
                    default -> get(index);
                }
            }
        }

        private byte[] key(int index) {
            return ("thread " + number + " key " + index).getBytes(UTF_8);
        }

        /** Carries its key and a counter, and has any length up to some thousands. */
        private String nextValue(int index) {
            String padding = "x".repeat(random.nextInt(20) == 0 ? 9_000 : random.nextInt(60));
            return "thread " + number + " key " + index + " write " + written++ + padding;
        }

        private void put(int index) {
            String value = nextValue(index);
            WriteResult result = cache.put(key(index), value.getBytes(UTF_8));
            assertThat(result.isApplied()).isTrue();
            expected[index] = value;
            versions[index] = result.version();
        }

        private void compareAndSet(int index) {
            String value = nextValue(index);
            boolean rightVersion = random.nextBoolean();
            long version = rightVersion ? versions[index] : versions[index] + 1;
            WriteResult result =
                    cache.put(
                            key(index),
                            value.getBytes(UTF_8),
                            PutOptions.DEFAULT.ifVersion(Math.max(1, version)));
            assertThat(result.isApplied()).isEqualTo(expected[index] != null && rightVersion);
            if (result.isApplied()) {
                expected[index] = value;
                versions[index] = result.version();
            }
        }

        private void delete(int index) {
            assertThat(cache.delete(key(index))).isEqualTo(expected[index] != null);
            expected[index] = null;
        }

        private void get(int index) {
            check(index, cache.get(key(index)));
        }

        private void getAll() {
            List<byte[]> keys = new ArrayList<>();
            for (int index = 0; index < 10; index++) {
                keys.add(key(index));
            }
            List<Optional<byte[]>> values = cache.getAll(keys);
            for (int index = 0; index < 10; index++) {
                check(index, values.get(index));
            }
        }

        private void pipeline() {
            List<CompletableFuture<Optional<byte[]>>> futures = new ArrayList<>();
            for (int index = 0; index < KEYS; index++) {
                futures.add(cache.async().get(key(index)));
            }
            for (int index = 0; index < KEYS; index++) {
                check(index, futures.get(index).join());
            }
        }

        private void count() {
            byte[] counterKey = ("thread " + number + " counter").getBytes(UTF_8);
            assertThat(cache.increment(counterKey, 1, 0, Ttl.NEVER)).isEqualTo(++counter);
        }

        private void check(int index, Optional<byte[]> value) {
            assertThat(value.map(it -> new String(it, UTF_8)))
                    .isEqualTo(Optional.ofNullable(expected[index]));
        }
    }

    @Test
    void close_whileInFlight_completesEveryFuture() throws Exception {
        try (RealServer server = RealServer.start()) {
            Larder larder = Larder.connect(server.uri());
            CountDownLatch underWay = new CountDownLatch(THREADS);
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            List<Future<List<CompletableFuture<?>>>> submitters = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                submitters.add(executor.submit(() -> submitUntilClosed(larder, underWay)));
            }
            underWay.await();

            larder.close();

            int closed = 0;
            for (Future<List<CompletableFuture<?>>> submitter : submitters) {
                for (CompletableFuture<?> future : submitter.get()) {
                    closed += isClosedFailure(future) ? 1 : 0;
                }
            }
            executor.shutdown();
            assertThat(closed).isPositive();
        }
    }

    private static List<CompletableFuture<?>> submitUntilClosed(
            Larder larder, CountDownLatch underWay) {
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; ; i++) {
            CompletableFuture<?> future = larder.async().getText("key " + i);
            futures.add(future);
            if (i == 100) {
                underWay.countDown();
            }
            if (future.isCompletedExceptionally() && isClosed(future)) {
                return futures;
            }
        }
    }

    private static boolean isClosed(CompletableFuture<?> future) {
        return future.handle((value, failure) -> String.valueOf(failure).contains("closed")).join();
    }

    /** True if it failed as closed, false if it had its answer or no room; waits for it. */
    private static boolean isClosedFailure(CompletableFuture<?> future)
            throws InterruptedException, TimeoutException {
        try {
            future.get(20, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof ClientClosedException;
        }
    }

    @Test
    void close_again_andAfterwards_isSafe() throws Exception {
        try (RealServer server = RealServer.start()) {
            Larder larder = Larder.connect(server.uri());
            larder.close();
            larder.close();

            assertThat(larder.async().getText("key"))
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void close_onTheEventLoop_doesNotWaitForItself() throws Exception {
        try (RealServer server = RealServer.start()) {
            Larder larder = Larder.connect(server.uri());
            larder.async().getText("key").thenRun(larder::close).get(20, TimeUnit.SECONDS);

            assertThat(larder.async().getText("key")).failsWithin(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void close_endsTheThreads_whichAreDaemons() throws Exception {
        try (RealServer server = RealServer.start()) {
            Set<Thread> before = clientThreads();
            Larder larder = Larder.connect(server.uri());
            Set<Thread> threads = clientThreads();
            threads.removeAll(before);

            larder.close();

            assertThat(threads).hasSize(1).allMatch(Thread::isDaemon);
            for (Thread thread : threads) {
                thread.join(
                        TimeUnit.SECONDS.toMillis(20)); // it has ended its work, and yet to return
            }
            assertThat(threads).noneMatch(Thread::isAlive);
        }
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("larder-client-"))
                .collect(Collectors.toSet());
    }
}
