package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.PutOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A key that many read, on the real server. It has values kept for the longest time there is, so
 * that a slow machine makes no difference to what is counted.
 */
@Tag("slow")
@Timeout(60)
class HotKeyTest {
    private static final byte[] KEY = "hot".getBytes(UTF_8);
    private static final int READS = 5_000;
    private static final int ROUNDS_MAX = 50;

    private RealServer server;
    private Larder holder;
    private Larder other;

    @BeforeEach
    void start() throws Exception {
        server = RealServer.with("near.hot-keys.keep=1s");
        holder =
                Larder.builder(server.uri())
                        .requestTimeout(Duration.ofSeconds(20))
                        .hotKeyAge(Duration.ofSeconds(1))
                        .connect();
        other = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    @AfterEach
    void close() {
        holder.close();
        other.close();
        server.close();
    }

    private long hits() {
        return Long.parseLong(other.stats().get("hits"));
    }

    /** How many of these reads the server has seen. */
    private long asked(Runnable reads) {
        long before = hits();
        reads.run();
        return hits() - before;
    }

    private void read(Supplier<Optional<?>> get) {
        for (int i = 0; i < READS; i++) {
            assertThat(get.get().isPresent()).isTrue();
        }
    }

    /** Reads until the server is hardly asked any more. */
    private void heat(Supplier<Optional<?>> get) {
        for (int round = 0; asked(() -> read(get)) > READS / 10; round++) {
            assertThat(round).as("rounds").isLessThan(ROUNDS_MAX);
        }
    }

    @Test
    void whoHoldsIt_asksATenthAsOften_andAtMostThat() {
        BytesCache cache = holder.cache();
        cache.put(KEY, KEY);
        heat(() -> cache.get(KEY));

        for (int round = 0; round < 5; round++) {
            assertThat(asked(() -> read(() -> cache.get(KEY)))).isLessThanOrEqualTo(READS / 10);
            assertThat(asked(() -> read(() -> cache.getStored(KEY))))
                    .isLessThanOrEqualTo(READS / 10);
        }
    }

    @Test
    void whoDoesNotWishTo_asksEachTime() {
        BytesCache cache = other.cache();
        cache.put(KEY, KEY);
        for (int round = 0; round < 3; round++) {
            assertThat(asked(() -> read(() -> cache.get(KEY)))).isEqualTo(READS);
        }
    }

    @Test
    void getOrLoad_isSparedToo() {
        Cache<String, String> cache = holder.cache("loads", Codec.utf8(), Codec.utf8());
        Supplier<Optional<?>> load =
                () -> cache.getOrLoad("hot", LoadOptions.DEFAULT, key -> Optional.of("loaded"));
        assertThat(load.get()).isPresent();
        heat(load);

        assertThat(asked(() -> read(load))).isLessThanOrEqualTo(READS / 10);
        assertThat(cache.get("hot")).contains("loaded");
    }

    @Test
    void amongManyKeys_itIsNotAskedFor() {
        Cache<String, String> cache = holder.cache("many", Codec.utf8(), Codec.utf8());
        cache.put("hot", "h");
        cache.put("cold", "c");
        heat(() -> cache.get("hot"));

        List<String> keys = List.of("cold", "hot", "missing", "hot");
        long asked =
                asked(
                        () -> {
                            for (int i = 0; i < 1_000; i++) {
                                assertThat(cache.getAll(keys))
                                        .containsExactly(
                                                Map.entry("cold", "c"), Map.entry("hot", "h"));
                            }
                        });
        assertThat(asked).isLessThanOrEqualTo(1_200);
    }

    @Test
    void ownWrites_areSeenByTheNextRead() {
        Cache<String, String> cache = holder.cache("own", Codec.utf8(), Codec.utf8());
        cache.put("hot", "v");
        heat(() -> cache.get("hot"));

        for (int i = 0; i < 1_000; i++) {
            String value = "v" + i;
            cache.put("hot", value);
            assertThat(cache.get("hot")).contains(value);
            assertThat(cache.get("hot")).as("held").contains(value);
        }
        assertThat(cache.append("hot", "+").isApplied()).isTrue();
        assertThat(cache.get("hot")).contains("v999+");
        cache.putAll(Map.of("hot", "all", "cold", "all")).forEach((key, result) -> result.get());
        assertThat(cache.get("hot")).contains("all");
        cache.remove("hot");
        assertThat(cache.get("hot")).isEmpty();
        cache.put("hot", "back", PutOptions.DEFAULT.tags("t"));
        assertThat(cache.get("hot")).contains("back");
        cache.invalidateTag("t");
        assertThat(cache.get("hot")).isEmpty();
        cache.put("hot", "again");
        assertThat(cache.get("hot")).contains("again");
        cache.clear();
        assertThat(cache.get("hot")).isEmpty();
    }

    @Test
    void ownWrites_notAwaited_areSeenByTheNextRead() {
        BytesCache cache = holder.cache();
        cache.put(KEY, KEY);
        heat(() -> cache.get(KEY));

        for (int i = 0; i < 1_000; i++) {
            byte[] value = Integer.toString(i).getBytes(UTF_8);
            var unused = cache.async().put(KEY, value);
            assertThat(cache.get(KEY)).contains(value);
        }
    }

    /** Readers beside a writer: what a read returns was not overwritten before the read began. */
    @Test
    void ownWrites_areSeenByEveryReadThatBeginsLater() throws Exception {
        Cache<String, Long> cache = holder.cache("beside", Codec.utf8(), Codec.longs());
        cache.put("hot", 0L);
        heat(() -> cache.get("hot"));
        long[] written = {0};
        List<Thread> readers = new ArrayList<>();
        List<String> stale = Collections.synchronizedList(new ArrayList<>());
        Object lock = new Object();
        for (int i = 0; i < 3; i++) {
            Thread reader =
                    new Thread(
                            () -> {
                                for (int read = 0; read < READS; read++) {
                                    long least;
                                    synchronized (lock) {
                                        least = written[0];
                                    }
                                    long seen = cache.get("hot").orElse(-1L);
                                    if (seen < least) {
                                        stale.add(seen + " after " + least);
                                    }
                                }
                            });
            reader.start();
            readers.add(reader);
        }
        while (readers.stream().anyMatch(Thread::isAlive)) {
            long next = written[0] + 1;
            cache.put("hot", next);
            synchronized (lock) {
                written[0] = next;
            }
            if (ThreadLocalRandom.current().nextInt(8) == 0) {
                read(() -> cache.get("hot"));
            }
        }
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(stale).isEmpty();
        assertThat(written[0]).isPositive();
    }

    @Test
    void conditionalReads_andReadsForTheVersion_areAlwaysTheServers() {
        BytesCache cache = holder.cache();
        cache.put(KEY, KEY);
        heat(() -> cache.get(KEY));
        long version = cache.getEntry(KEY).orElseThrow().version();

        for (int i = 0; i < 200; i++) {
            byte[] value = Integer.toString(i).getBytes(UTF_8);
            version = other.cache().compareAndSet(KEY, version, value).version();
            assertThat(cache.getEntry(KEY).orElseThrow().value()).isEqualTo(value);
            assertThat(cache.getIfChanged(KEY, version).isUnchanged()).isTrue();
            assertThat(cache.getIfChanged(KEY, version - 1).isChanged()).isTrue();
        }
    }

    @Test
    void valuesAreTheCallersOwn() {
        BytesCache cache = holder.cache();
        cache.put(KEY, KEY);
        heat(() -> cache.get(KEY));

        cache.get(KEY).orElseThrow()[0] = 'x';
        cache.getStored(KEY).orElseThrow().bytes()[0] = 'x';

        assertThat(cache.get(KEY)).contains(KEY);
    }

    @Test
    void sameKeyOfAnotherRegion_isAnotherKey() {
        BytesCache hot = holder.cache("hot");
        BytesCache cold = holder.cache("cold");
        hot.put(KEY, KEY);
        heat(() -> hot.get(KEY));

        assertThat(cold.get(KEY)).isEmpty();
        cold.put(KEY, "c".getBytes(UTF_8));
        assertThat(cold.get(KEY).orElseThrow()).isEqualTo("c".getBytes(UTF_8));
        assertThat(hot.get(KEY)).contains(KEY);
    }
}
