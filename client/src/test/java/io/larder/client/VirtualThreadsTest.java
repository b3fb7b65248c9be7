package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.Ttl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Blocking calls of virtual threads never hold their carrier: the flight recorder sees every time
 * that one does. Where there are none, as in a JVM 17, the tests are skipped.
 */
@Timeout(60)
class VirtualThreadsTest {
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int FIRST_WITHOUT_PINNING_BY_MONITORS = 24;
    private static final int THREADS = 4_000;
    private static final int WINDOW = 64; // fewer than callers, so that most wait for room first

    @TempDir private Path directory;

    /** What a virtual thread does. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /** Blocks while it is initialised, which a virtual thread cannot do without its carrier. */
    private static final class BlockingInitializer {
        static final long DONE;

        static {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            DONE = System.nanoTime();
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= FIRST_WITHOUT_PINNING_BY_MONITORS);
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private List<RecordedEvent> pinnedDuring(Work work) throws Exception {
        Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .toList();
    }

    @Test
    void aBlockingInitializer_isSeenByTheRecorder() throws Exception {
        ExecutorService threads = virtualThreads();
        List<RecordedEvent> pinned =
                pinnedDuring(
                        () -> {
                            Future<Long> blocked = threads.submit(() -> BlockingInitializer.DONE);
                            assertThat(blocked.get()).isPositive();
                        });

        assertThat(pinned).isNotEmpty();
    }

    @Test
    void blockingCallsOfThousands_pinNone() throws Exception {
        ExecutorService threads = virtualThreads();
        try (RealServer server = RealServer.start();
                Larder larder =
                        Larder.builder(server.uri())
                                .requestTimeout(Duration.ofSeconds(50))
                                .windowRequests(WINDOW)
                                .connect()) {
            Cache<String, String> texts = larder.cache("texts", Codec.utf8(), Codec.utf8());
            Cache<String, Long> counts = larder.cache("counts", Codec.utf8(), Codec.longs());
            callAll(texts, counts, "warm up"); // classes are initialised by now

            List<RecordedEvent> pinned =
                    pinnedDuring(
                            () -> {
                                List<Future<?>> calls = new ArrayList<>();
                                for (int i = 0; i < THREADS; i++) {
                                    String key = "key " + i;
                                    calls.add(threads.submit(() -> callAll(texts, counts, key)));
                                }
                                for (Future<?> call : calls) {
                                    call.get();
                                }
                            });

            assertThat(counts.get("calls")).hasValue(THREADS + 1L);
            assertThat(pinned).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void callAll(
            Cache<String, String> texts, Cache<String, Long> counts, String key) {
        texts.put(key, key);
        assertThat(texts.get(key)).hasValue(key);
        assertThat(texts.getAll(List.of(key, "absent"))).isEqualTo(Map.of(key, key));
        assertThat(texts.getOrLoad(key + " loaded", Optional::of)).hasValue(key + " loaded");
        texts.putAll(Map.of(key, key)).forEach((same, result) -> result.get());
        counts.increment("calls", 1, 0, Ttl.NEVER);
    }
}
