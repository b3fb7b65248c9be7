package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Entry;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose memory is small, with a disk behind it: what clients see of the disk. */
@Timeout(120)
@Tag("slow")
class OverflowTest {
    private static final int VALUE_BYTES = 2000;
    private static final int FLOOD = 3500; // 7 MB through 4 MiB

    @TempDir private static Path directory;
    private static RealServer server;
    private static Larder larder;

    private final BytesCache cache = larder.cache();

    @BeforeAll
    static void start() throws Exception {
        server =
                RealServer.with(
                        "store.memory=4m",
                        "tier.rocksdb.path=" + directory.resolve("tier"),
                        "tier.rocksdb.max-bytes=256m",
                        "tier.rocksdb.read-timeout=30s");
        larder = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] value(String seed) {
        byte[] value = new byte[VALUE_BYTES];
        byte[] head = bytes(seed);
        for (int i = 0; i < value.length; i++) {
            value[i] = head[i % head.length];
        }
        return value;
    }

    private void putAndRead(String key, byte[] value, PutOptions options) {
        cache.put(bytes(key), value, options);
        assertThat(cache.get(bytes(key))).isPresent();
        assertThat(cache.get(bytes(key))).isPresent();
    }

    /** Has everything written before go from memory. */
    private void flood(String name) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            byte[] key = bytes(name + i);
            calls.add(
                    cache.async()
                            .put(key, value(name + i))
                            .thenCompose(done -> cache.async().get(key))
                            .thenCompose(read -> cache.async().get(key)));
            if (calls.size() == 200) {
                calls.forEach(CompletableFuture::join);
                calls.clear();
            }
        }
        calls.forEach(CompletableFuture::join);
    }

    @Test
    void evicted_isFoundAgain_withAllThatWasStoredWithIt() {
        PutOptions options =
                PutOptions.DEFAULT.ttl(Ttl.of(Duration.ofHours(1))).clientFlags(0xCAFE);
        for (int i = 0; i < 100; i++) {
            putAndRead("found" + i, value("found" + i), options);
        }
        flood("a");

        int found = 0;
        for (int i = 0; i < 100; i++) {
            Optional<Entry<byte[]>> entry = cache.getEntry(bytes("found" + i));
            if (entry.isPresent()) {
                found++;
                assertThat(entry.get().value()).isEqualTo(value("found" + i));
                assertThat(entry.get().clientFlags()).isEqualTo(0xCAFE);
                assertThat(entry.get().expiresInMillis()).isBetween(1L, 3_600_000L);
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(85);
    }

    @Test
    void writesThatDependOnTheValue_seeWhatIsOnDisk() {
        for (String key : List.of("inc", "absent", "app", "touch", "del", "cas", "batch", "load")) {
            putAndRead(key, bytes("100"), PutOptions.DEFAULT);
        }
        long version = cache.getEntry(bytes("cas")).orElseThrow().version();
        flood("b");

        assertThat(cache.increment(bytes("inc"), 5, 1, Ttl.NEVER)).isEqualTo(105);
        assertThat(cache.put(bytes("absent"), bytes("x"), PutOptions.DEFAULT.onlyIfAbsent()))
                .extracting(result -> result.outcome())
                .isEqualTo(Outcome.EXISTS);
        assertThat(cache.append(bytes("app"), bytes("+")).isApplied()).isTrue();
        assertThat(cache.get(bytes("app"))).hasValue(bytes("100+"));
        assertThat(cache.touch(bytes("touch"), Ttl.of(Duration.ofMinutes(1)))).isTrue();
        assertThat(cache.getEntry(bytes("touch")).orElseThrow().expiresInMillis())
                .isLessThanOrEqualTo(60_000);
        assertThat(cache.delete(bytes("del"))).isTrue();
        assertThat(cache.get(bytes("del"))).isEmpty();
        assertThat(cache.put(bytes("cas"), bytes("y"), PutOptions.DEFAULT.ifVersion(version)))
                .extracting(result -> result.isApplied())
                .isEqualTo(true);
        assertThat(cache.getAll(List.of(bytes("batch"), bytes("nothing"))).get(0))
                .hasValue(bytes("100"));
        assertThat(
                        cache.getOrLoad(
                                bytes("load"),
                                LoadOptions.DEFAULT,
                                key -> {
                                    throw new AssertionError("loaded though it is on disk");
                                }))
                .hasValue(bytes("100"));
    }

    @Test
    void overwrittenDeletedAndCleared_doNotComeBack() {
        for (int i = 0; i < 60; i++) {
            putAndRead("old" + i, value("old" + i), PutOptions.DEFAULT.tags("tag" + i % 3));
        }
        flood("c");
        for (int i = 0; i < 60; i += 3) {
            cache.put(bytes("old" + i), value("new" + i));
        }
        for (int i = 1; i < 60; i += 3) {
            cache.delete(bytes("old" + i));
        }
        cache.invalidateTag("tag2");
        flood("d");

        for (int i = 0; i < 60; i++) {
            Optional<byte[]> found = cache.get(bytes("old" + i));
            byte[] expected = value("new" + i);
            if (i % 3 == 0) {
                assertThat(found)
                        .satisfiesAnyOf(
                                it -> assertThat(it).isEmpty(),
                                it -> assertThat(it).hasValue(expected));
            } else {
                assertThat(found).isEmpty();
            }
        }
    }

    /** Each thread has keys of its own, so it knows what they must hold, if anything. */
    @Test
    void randomOperations_fromManyThreads_areNeverStale() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> runs = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int id = thread;
            Callable<Integer> run = () -> randomOperations(id, 6_000);
            runs.add(threads.submit(run));
        }
        int hits = 0;
        for (Future<Integer> run : runs) {
            hits += run.get();
        }
        threads.shutdown();
        assertThat(hits).isGreaterThan(1000);
    }

    private int randomOperations(int thread, int operations) {
        Random random = new Random(thread);
        Map<String, byte[]> model = new HashMap<>();
        int hits = 0;
        for (int i = 0; i < operations; i++) {
            String key = "t" + thread + "-" + random.nextInt(1500);
            String where = "thread " + thread + ", operation " + i + ", " + key;
            byte[] expected = model.get(key);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    byte[] value = value(key + "/" + i);
                    cache.put(bytes(key), value);
                    model.put(key, value);
                }
                case 2 -> {
                    cache.delete(bytes(key));
                    model.remove(key);
                }
                case 3 -> {
                    if (cache.append(bytes(key), bytes("+")).isApplied()) {
                        assertThat(expected).describedAs(where).isNotNull();
                        byte[] longer = Arrays.copyOf(expected, expected.length + 1);
                        longer[expected.length] = '+';
                        model.put(key, longer);
                    }
                }
                default -> {
                    Optional<byte[]> found = cache.get(bytes(key));
                    if (found.isPresent()) {
                        hits++;
                        assertThat(found.get()).describedAs(where).isEqualTo(expected);
                    }
                }
            }
        }
        return hits;
    }
}
