package io.larder.client.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Codec;
import io.larder.client.api.Entry;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import io.larder.client.junit.LarderServer;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the compatibility kit does not ask: several programs, here as managers of class loaders of
 * their own, what is on the server, and what goes wrong.
 */
@Timeout(60)
class LarderCacheTest {
    private static final EntryProcessor<String, Long, Void> INCREMENT =
            (entry, arguments) -> {
                entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
                return null;
            };

    private static LarderServer server;

    private final LarderCachingProvider provider = new LarderCachingProvider();
    private CacheManager manager;

    @BeforeAll
    static void startServer() {
        server = LarderServer.startEmbedded();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        server.clear();
        manager = program();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    /** The manager of another program. */
    private CacheManager program(String... properties) {
        Properties set = new Properties();
        for (int index = 0; index < properties.length; index += 2) {
            set.setProperty(properties[index], properties[index + 1]);
        }
        ClassLoader loader = new URLClassLoader(new URL[0], getClass().getClassLoader());
        return provider.getCacheManager(URI.create(server.uri()), loader, set);
    }

    private static LarderConfiguration<String, String> texts() {
        return new LarderConfiguration<String, String>().setTypes(String.class, String.class);
    }

    private static LarderConfiguration<String, Long> numbers() {
        return new LarderConfiguration<String, Long>().setTypes(String.class, Long.class);
    }

    /** Texts that are read through. */
    private static LarderConfiguration<String, String> loaded(Function<String, String> origin) {
        LarderConfiguration<String, String> configuration = texts();
        configuration.setReadThrough(true);
        configuration.setCacheLoaderFactory(() -> new FunctionLoader(origin));
        return configuration;
    }

    private record FunctionLoader(Function<String, String> origin)
            implements CacheLoader<String, String> {
        @Override
        public String load(String key) {
            return origin.apply(key);
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            Map<String, String> all = new HashMap<>();
            keys.forEach(key -> all.put(key, origin.apply(key)));
            return all;
        }
    }

    @Test
    void cachesOfOneName_inTwoPrograms_areOne() {
        Cache<String, String> here = manager.createCache("shared", texts());
        Cache<String, String> there = program().createCache("shared", texts());

        here.put("k", "v");

        assertThat(there.get("k")).isEqualTo("v");
        assertThat(there.getAndRemove("k")).isEqualTo("v");
        assertThat(here.containsKey("k")).isFalse();
    }

    @Test
    void entryIsWhatOtherClientsOfTheRegionRead() {
        Cache<String, String> cache = manager.createCache("shared", texts());
        cache.put("k", "v");

        BytesCache region = cache.unwrap(BytesCache.class);

        assertThat(region.region()).isEqualTo("shared");
        assertThat(region.getText("k")).contains("v");
    }

    @Test
    void invoke_fromTwoProgramsAtOnce_losesNothing() throws Exception {
        List<Cache<String, Long>> caches =
                List.of(
                        manager.createCache("counters", numbers()),
                        program().createCache("counters", numbers()));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs =
                    IntStream.range(0, 4)
                            .<Future<?>>mapToObj(
                                    thread ->
                                            threads.submit(
                                                    () -> incrementOften(caches.get(thread % 2))))
                            .toList();
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(caches.get(0).get("k")).isEqualTo(400);
    }

    private static void incrementOften(Cache<String, Long> cache) {
        for (int count = 0; count < 100; count++) {
            cache.invoke("k", INCREMENT);
        }
    }

    @Test
    void readThrough_ofManyAtOnceInTwoPrograms_loadsOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch othersWait = new CountDownLatch(3);
        Function<String, String> origin =
                key -> {
                    loads.incrementAndGet();
                    awaitQuietly(othersWait);
                    return key + "!";
                };
        List<Cache<String, String>> caches =
                List.of(
                        manager.createCache("loaded", loaded(origin)),
                        program().createCache("loaded", loaded(origin)));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> reads =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    thread ->
                                            threads.submit(
                                                    () -> {
                                                        othersWait.countDown();
                                                        return caches.get(thread % 2).get("k");
                                                    }))
                            .toList();
            for (Future<String> read : reads) {
                assertThat(read.get()).isEqualTo("k!");
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(loads).hasValue(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void createdPolicy_isTheTtlOnTheServer_whichUpdatesKeep() {
        LarderConfiguration<String, String> configuration = texts();
        configuration.setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 10)));
        Cache<String, String> cache = manager.createCache("expiring", configuration);

        cache.put("k", "1");
        long before = entry(cache, "k").expiresInMillis();
        cache.put("k", "2");

        assertThat(before).isBetween(500_000L, 600_000L);
        assertThat(entry(cache, "k").expiresInMillis()).isBetween(1L, before);
        assertThat(cache.get("k")).isEqualTo("2");
    }

    @Test
    void touchedPolicy_readsAndWritesRenew() {
        LarderConfiguration<String, String> configuration = texts();
        configuration.setExpiryPolicyFactory(
                TouchedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 10)));
        Cache<String, String> cache = manager.createCache("touched", configuration);
        BytesCache region = cache.unwrap(BytesCache.class);
        cache.put("read", "1");
        cache.put("read with others", "2");
        region.touch("read", Ttl.ofMillis(60_000));
        region.touch("read with others", Ttl.ofMillis(60_000));

        assertThat(cache.get("read")).isEqualTo("1");
        assertThat(cache.getAll(Set.of("read with others"))).hasSize(1);

        assertThat(entry(cache, "read").expiresInMillis()).isGreaterThan(60_000);
        assertThat(entry(cache, "read with others").expiresInMillis()).isGreaterThan(60_000);
    }

    private static Entry<byte[]> entry(Cache<String, String> cache, String key) {
        return cache.unwrap(BytesCache.class).getEntry(key.getBytes(UTF_8)).orElseThrow();
    }

    @Test
    void valueThatDoesNotDecode_isAMissAndCountedAndRemoved() {
        LarderConfiguration<String, Long> configuration = numbers();
        configuration.setStatisticsEnabled(true);
        LarderCache<String, Long> cache =
                (LarderCache<String, Long>)
                        manager.<String, Long, LarderConfiguration<String, Long>>createCache(
                                "numbers", configuration);
        BytesCache region = cache.unwrap(BytesCache.class);
        List<Runnable> reads =
                List.of(
                        () -> assertThat(cache.get("k")).isNull(),
                        () -> assertThat(cache.containsKey("k")).isFalse(),
                        () -> assertThat(cache.getAll(Set.of("k"))).isEmpty(),
                        () -> assertThat(cache.iterator()).isExhausted(),
                        () -> assertThat(cache.putIfAbsent("k", 1L)).isTrue());

        for (Runnable read : reads) {
            region.putText("k", "no number");
            read.run();
            assertThat(region.getText("k")).isNotEqualTo(Optional.of("no number"));
        }
        assertThat(cache.statistics().getUndecodableValues()).isEqualTo(reads.size());
    }

    @Test
    void valueThatDoesNotDecode_isLoadedAnew() {
        Cache<String, String> cache = manager.createCache("loaded", loaded(key -> "origin"));
        BytesCache region = cache.unwrap(BytesCache.class);
        region.putStored("k".getBytes(UTF_8), Codec.longs().encode(5L), putOptions());

        assertThat(cache.get("k")).isEqualTo("origin");
        assertThat(cache.get("k")).isEqualTo("origin");
    }

    private static PutOptions putOptions() {
        return PutOptions.DEFAULT;
    }

    /** A writer, while which another program changes the entry. */
    @Test
    void writeThrough_overtakenByAnotherProgram_leavesTheOriginToBeRead() {
        Cache<String, String> other = program().createCache("written", texts());
        Map<String, String> origin = new HashMap<>();
        LarderConfiguration<String, String> configuration = texts();
        configuration.setWriteThrough(true);
        configuration.setCacheWriterFactory(
                () ->
                        new MapWriter(origin) {
                            @Override
                            public void write(
                                    Cache.Entry<? extends String, ? extends String> entry) {
                                super.write(entry);
                                other.put(entry.getKey(), "of the other");
                            }
                        });
        Cache<String, String> cache = manager.createCache("written", configuration);

        cache.put("k", "mine");

        assertThat(origin).containsEntry("k", "mine");
        assertThat(cache.containsKey("k")).isFalse();
    }

    private static class MapWriter implements CacheWriter<String, String> {
        private final Map<String, String> origin;

        MapWriter(Map<String, String> origin) {
            this.origin = origin;
        }

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            origin.put(entry.getKey(), entry.getValue());
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            entries.forEach(this::write);
        }

        @Override
        public void delete(Object key) {
            origin.remove(key);
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            keys.forEach(this::delete);
        }
    }

    @Test
    void keyHeldForTooLong_throwsAndNamesTheProperty() throws Exception {
        CacheManager impatient = program(LarderCachingProvider.LOCK_TIMEOUT_MILLIS, "1");
        Cache<String, Long> cache = impatient.createCache("counters", numbers());
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<?> holder =
                CompletableFuture.runAsync(
                        () ->
                                cache.invoke(
                                        "k",
                                        (entry, arguments) -> {
                                            holds.countDown();
                                            awaitQuietly(release);
                                            return null;
                                        }));
        holds.await();

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> cache.invoke("k", INCREMENT))
                .withMessageContaining(LarderCachingProvider.LOCK_TIMEOUT_MILLIS);

        release.countDown();
        holder.get();
        cache.invoke("k", INCREMENT);
        assertThat(cache.get("k")).isEqualTo(1);
    }

    @Test
    void asynchronousListener_hearsOfEachKeyInOrder() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(3);
        CacheEntryCreatedListener<String, String> listener =
                events ->
                        events.forEach(
                                event -> {
                                    heard.add(event.getKey() + "=" + event.getValue());
                                    all.countDown();
                                });
        Cache<String, String> cache = manager.createCache("heard", texts());
        cache.registerCacheEntryListener(
                new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, false));

        cache.put("a", "1");
        cache.put("b", "2");
        cache.put("a", "no creation");
        cache.remove("a");
        cache.put("a", "3");

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(heard).containsExactly("a=1", "b=2", "a=3");
    }

    @Test
    void iterator_ofManyPages_findsEveryEntry() {
        Cache<String, Long> cache = manager.createCache("many", numbers());
        Map<String, Long> entries = new HashMap<>();
        IntStream.range(0, 3_000).forEach(number -> entries.put("k" + number, (long) number));
        cache.putAll(entries);

        Map<String, Long> found = new HashMap<>();
        StreamSupport.stream(cache.spliterator(), false)
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));

        assertThat(found).isEqualTo(entries);
        assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
        cache.removeAll(entries.keySet());
        assertThat(cache.iterator()).isExhausted();
    }

    @Test
    void close_leavesTheEntries_andDestroyDoesNot() {
        manager.createCache("kept", texts()).put("k", "v");
        manager.close();

        CacheManager next = program();
        Cache<String, String> cache = next.createCache("kept", texts());
        assertThat(cache.get("k")).isEqualTo("v");

        next.destroyCache("kept");
        assertThat(
                        next.<String, String, CompleteConfiguration<String, String>>createCache(
                                        "kept", texts())
                                .get("k"))
                .isNull();
    }

    @Test
    void loadAll_afterClose_saysSoAndLoadsNothing() {
        AtomicInteger loads = new AtomicInteger();
        LoadGate gate = new LoadGate();
        gate.close(1_000);

        assertThat(gate.pass(loads::incrementAndGet)).isFalse();
        assertThat(loads).hasValue(0);
    }

    @Test
    void loadAll_failingLoader_isWhatItsListenerHears() {
        Cache<String, String> cache =
                manager.createCache(
                        "loaded",
                        loaded(
                                key -> {
                                    throw new IllegalStateException("origin is ill");
                                }));
        CompletionListenerFuture done = new CompletionListenerFuture();

        cache.loadAll(Set.of("k"), true, done);

        assertThatThrownBy(done::get).hasRootCauseMessage("origin is ill");
    }

    @Test
    void keyTooLong_namesTheLimit() {
        Cache<String, String> cache = manager.createCache("long", texts());

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> cache.put("k".repeat(5_000), "v"))
                .withMessageContaining("keyLength: 5000 (expected: 1..4095");
    }

    @Test
    void cacheNameTooLong_namesTheLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.createCache("n".repeat(2_000), texts()))
                .withMessage("cacheNameLength: 2000 (expected: 1..1024)");
    }

    @Test
    void byReference_isRefused() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> manager.createCache("reference", texts().setStoreByValue(false)))
                .withMessageContaining("storeByValue: false (expected: true");
    }
}
