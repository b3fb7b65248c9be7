package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.AsyncCache;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.Compression;
import io.larder.client.api.Entry;
import io.larder.client.api.KeyPage;
import io.larder.client.api.KeyResult;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.client.api.WriteResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every operation of typed caches against the real server; each test begins with none. */
@Timeout(60)
class TypedCacheTest {
    private static final User ADA = new User("Ada", 36);
    private static final User GRACE = new User("Grace", 45);

    private static RealServer server;
    private static Larder larder;

    private final Cache<String, User> users =
            larder.cache("users", Codec.utf8(), Codec.json(User.class));
    private final Cache<String, String> texts = larder.cache("texts", Codec.utf8(), Codec.utf8());
    private final Cache<Long, Long> counts = larder.cache("counts", Codec.longs(), Codec.longs());

    record User(String name, int age) {}

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start();
        larder = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    @BeforeEach
    void clear() {
        users.clear();
        texts.clear();
        counts.clear();
    }

    @Test
    void get_absent_isEmpty() {
        assertThat(users.get("ada")).isEmpty();
        assertThat(users.getEntry("ada")).isEmpty();
        assertThat(users.getIfChanged("ada", 1).isMissing()).isTrue();
        assertThat(users.getAndTouch("ada", Ttl.NEVER)).isEmpty();
    }

    @Test
    void put_isReadWithTypeVersionAndFlags() {
        WriteResult put =
                users.put("ada", ADA, PutOptions.DEFAULT.clientFlags(7).ttlMillis(60_000));

        assertThat(users.get("ada")).hasValue(ADA);
        Entry<User> entry = users.getEntry("ada").orElseThrow();
        assertThat(entry.value()).isEqualTo(ADA);
        assertThat(entry.version()).isEqualTo(put.version());
        assertThat(entry.clientFlags()).isEqualTo(7);
        assertThat(entry.format()).isEqualTo(0x40);
        assertThat(entry.expiresInMillis()).isBetween(1L, 60_000L);
    }

    @Test
    void async_isTheSameCache() throws Exception {
        AsyncCache<String, User> async = users.async();

        assertThat(async.put("ada", ADA).get().isApplied()).isTrue();
        assertThat(async.get("ada").get()).hasValue(ADA);
        assertThat(async.getAll(List.of("ada", "absent")).get())
                .containsExactly(Map.entry("ada", ADA));
        assertThat(async.getEntry("ada").get().orElseThrow().value()).isEqualTo(ADA);
        assertThat(async.remove("ada").get()).isTrue();
        assertThat(async.region()).isEqualTo("users");
    }

    @Test
    void getIfChanged_decodesWhatChanged() {
        long first = users.put("ada", ADA).version();
        assertThat(users.getIfChanged("ada", first).isUnchanged()).isTrue();

        users.put("ada", GRACE);
        assertThat(users.getIfChanged("ada", first).entry().orElseThrow().value()).isEqualTo(GRACE);
    }

    @Test
    void getAll_isInTheOrderAskedForWithoutTheMisses() {
        users.put("ada", ADA);
        users.put("grace", GRACE);

        Map<String, User> found = users.getAll(List.of("grace", "absent", "ada", "grace"));

        assertThat(new ArrayList<>(found.entrySet()))
                .containsExactly(Map.entry("grace", GRACE), Map.entry("ada", ADA));
        assertThat(users.getAll(List.of())).isEmpty();
        assertThatThrownBy(() -> found.put("x", ADA))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void getAndTouch_setsTheExpiry() {
        users.put("ada", ADA);

        assertThat(users.getAndTouch("ada", Ttl.ofMillis(90_000)).orElseThrow().value())
                .isEqualTo(ADA);
        assertThat(users.getEntry("ada").orElseThrow().expiresInMillis()).isBetween(1L, 90_000L);
    }

    @Test
    void putAll_thousandsOfKeys_areAllStoredInTheirOrder() {
        Map<String, String> entries = new LinkedHashMap<>();
        IntStream.range(0, 5_000).forEach(i -> entries.put("key " + i, "value " + i));

        Map<String, KeyResult<WriteResult>> results = texts.putAll(entries);

        assertThat(results.keySet()).containsExactlyElementsOf(entries.keySet());
        assertThat(results.values()).allMatch(result -> result.get().isApplied());
        assertThat(texts.getAll(entries.keySet())).isEqualTo(entries);
    }

    @Test
    void putAll_eachKeyHasItsOwnResult() {
        texts.put("present", "old");
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("present", "new");
        entries.put("a".repeat(5_000), "too long a key");
        entries.put("broken\uD83D", "no UTF-8");
        entries.put("absent", "new");

        Map<String, KeyResult<WriteResult>> results =
                texts.putAll(entries, PutOptions.DEFAULT.onlyIfAbsent());

        assertThat(results.keySet()).containsExactlyElementsOf(entries.keySet());
        assertThat(results.get("present").get()).isEqualTo(WriteResult.EXISTS);
        assertThat(results.get("a".repeat(5_000)).failure())
                .containsInstanceOf(TooLargeException.class);
        assertThat(results.get("broken\uD83D").failure()).containsInstanceOf(CodecException.class);
        assertThat(results.get("absent").get().isApplied()).isTrue();
        assertThat(texts.get("present")).hasValue("old");
        assertThat(texts.get("absent")).hasValue("new");
    }

    @Test
    void putAll_valuesLongerThanABody_areStoredBesideOthers() {
        Map<String, String> entries =
                Map.of("small", "s", "large", "l".repeat(3 << 20), "other", "o");

        assertThat(texts.putAll(entries).values()).allMatch(result -> result.get().isApplied());
        assertThat(texts.getAll(entries.keySet())).isEqualTo(entries);
    }

    @Test
    void putIfAbsentAndReplace_judgePresence() {
        assertThat(users.replace("ada", ADA)).isEqualTo(WriteResult.MISSING);
        assertThat(users.putIfAbsent("ada", ADA).isApplied()).isTrue();
        assertThat(users.putIfAbsent("ada", GRACE)).isEqualTo(WriteResult.EXISTS);
        assertThat(users.get("ada")).hasValue(ADA);
        assertThat(users.replace("ada", GRACE).isApplied()).isTrue();
        assertThat(users.get("ada")).hasValue(GRACE);
    }

    @Test
    void compareAndSet_judgesTheVersion() {
        long version = users.put("ada", ADA).version();

        assertThat(users.compareAndSet("ada", version + 1, GRACE))
                .isEqualTo(new WriteResult(Outcome.VERSION_MISMATCH, version));
        assertThat(users.compareAndSet("ada", version, GRACE).isApplied()).isTrue();
        assertThat(users.removeIfVersion("ada", version).outcome())
                .isEqualTo(Outcome.VERSION_MISMATCH);
    }

    @Test
    void putIfNewer_keepsTheNewestWhateverTheOrder() {
        assertThat(users.putIfNewer("ada", ADA, 5).isApplied()).isTrue();
        assertThat(users.putIfNewer("ada", GRACE, 5))
                .isEqualTo(new WriteResult(Outcome.NOT_NEWER, 5));
        assertThat(users.putIfNewer("ada", GRACE, 4).isApplied()).isFalse();
        assertThat(users.get("ada")).hasValue(ADA);
        assertThat(users.getEntry("ada").orElseThrow().callerVersion()).isEqualTo(5);
        assertThat(users.putIfNewer("ada", GRACE, 6).isApplied()).isTrue();
    }

    @Test
    void removeAndTouch_sayIfThereWasOne() {
        assertThat(users.touch("ada", Ttl.NEVER)).isFalse();
        users.put("ada", ADA);
        assertThat(users.touch("ada", Ttl.ofMillis(80_000))).isTrue();
        assertThat(users.remove("ada")).isTrue();
        assertThat(users.remove("ada")).isFalse();
    }

    @Test
    void increment_countsWhatIsReadAsNumber() {
        assertThat(counts.increment(1L, 5)).isEmpty();
        assertThat(counts.increment(1L, 5, 10, Ttl.NEVER)).isEqualTo(15);
        assertThat(counts.get(1L)).hasValue(15L);

        counts.put(2L, 40L);
        assertThat(counts.increment(2L, 2)).hasValue(42);
        assertThat(counts.get(2L)).hasValue(42L);
        assertThat(counts.getAll(List.of(1L, 2L))).isEqualTo(Map.of(1L, 15L, 2L, 42L));
    }

    @Test
    void append_addsText() {
        assertThat(texts.append("log", "a")).isEqualTo(WriteResult.MISSING);
        texts.put("log", "a");
        assertThat(texts.append("log", "\u00E9").isApplied()).isTrue();
        assertThat(texts.get("log")).hasValue("a\u00E9");
    }

    @Test
    void incrementAndAppend_ofOtherValues_areUnsupported() {
        assertThatThrownBy(() -> users.increment("ada", 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("increment: the values' codec is json(")
                .hasMessageContaining("(expected: Codec.longs())");
        assertThatThrownBy(() -> users.append("ada", ADA))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("(expected: Codec.utf8() or Codec.bytes(), not compressed)");
    }

    @Test
    void scan_returnsKeysDecoded() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 2_500; i++) {
            texts.async().put("user:" + i, "v").join();
            expected.add("user:" + i);
        }
        texts.put("other", "v");

        assertThat(texts.keyStream("user:")).containsAll(expected).doesNotContain("other");
        assertThat(texts.keys()).containsAll(expected).contains("other");
        KeyPage<String> page = texts.scan("user:", ScanPage.START, 10);
        assertThat(page.keys()).isNotEmpty().allMatch(expected::contains);
        assertThat(page.isLast()).isFalse();
    }

    @Test
    void scan_keysAreOfTheirType() {
        counts.put(-5L, 1L);
        counts.put(77L, 1L);

        assertThat(counts.keys()).containsExactlyInAnyOrder(-5L, 77L);
        assertThat(counts.keys("-")).containsExactly(-5L);
    }

    @Test
    void invalidateTag_endsWhatCarriesIt() {
        users.put("ada", ADA, PutOptions.DEFAULT.tags("team:1", "team:2"));
        users.put("grace", GRACE, PutOptions.DEFAULT.tags("team:2"));
        users.put("joan", GRACE);

        users.invalidateTag("team:1");
        assertThat(users.getAll(List.of("ada", "grace", "joan"))).containsOnlyKeys("grace", "joan");

        users.async().invalidateTag("team:2").join();
        assertThat(users.getAll(List.of("ada", "grace", "joan"))).containsOnlyKeys("joan");
    }

    @Test
    void invalidatePrefix_endsWhatBeginsWithIt() {
        texts.put("user:1", "a");
        texts.put("user:10", "b");
        texts.put("order:1", "c");

        texts.invalidatePrefix("user:1");

        assertThat(texts.keys()).containsExactly("order:1");
        assertThatThrownBy(() -> texts.invalidatePrefix(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefixLength: 0 (expected: 1..");
    }

    @Test
    void valueOfAnotherType_failsItsCallAlone() {
        users.put("ada", ADA);
        Cache<String, String> wrong = larder.cache("users", Codec.utf8(), Codec.utf8());
        wrong.put("text", "fine");

        assertThatThrownBy(() -> wrong.get("ada"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("4, JSON (expected: 2, UTF-8 text");
        assertThatThrownBy(() -> wrong.getAll(List.of("text", "ada")))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> wrong.async().get("ada").get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CodecException.class);
        assertThat(wrong.get("text")).hasValue("fine");
        assertThat(users.get("ada")).hasValue(ADA);
    }

    @Test
    void getAndTouch_ofAnotherType_saysThatItWasTouched() {
        users.put("ada", ADA);
        Cache<String, String> wrong = larder.cache("users", Codec.utf8(), Codec.utf8());

        assertThatThrownBy(() -> wrong.getAndTouch("ada", Ttl.ofMillis(70_000)))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.mayHaveBeenApplied()).isTrue());
        assertThat(users.getEntry("ada").orElseThrow().expiresInMillis()).isBetween(1L, 70_000L);
    }

    @Test
    void rawValue_isReadByATypedCache() {
        users.bytes().put("ada".getBytes(UTF_8), "{\"name\":\"Ada\",\"age\":36}".getBytes(UTF_8));

        assertThat(users.get("ada")).hasValue(ADA);
    }

    @Test
    void compressedValues_takeLessOfTheServerAndComeBack() {
        Cache<String, String> packed =
                larder.cache(
                        "texts",
                        Codec.utf8(),
                        Codec.compressed(Codec.utf8(), Compression.LZ4, 1_000));
        String text = "larder ".repeat(100_000);

        packed.put("long", text);

        assertThat(packed.get("long")).hasValue(text);
        assertThat(texts.get("long")).hasValue(text);
        StoredValue stored = texts.bytes().getStored("long".getBytes(UTF_8)).orElseThrow();
        assertThat(stored.bytes()).hasSizeLessThan(text.length() / 50);
        assertThat(stored.format()).isEqualTo(0x21);
    }

    @Test
    void nulls_areRefusedByTheCallItself() {
        assertThatThrownBy(() -> users.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> users.async().put("ada", null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> larder.cache("users", Codec.utf8(), null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void emptyKey_isRefusedByTheCallItself() {
        assertThatThrownBy(() -> texts.async().get(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyLength: 0");
    }

    @Test
    void withTimeout_boundsTheCallsOfBothViews() throws Exception {
        try (FakeServer silent =
                        new FakeServer(
                                peer -> {
                                    peer.greet();
                                    peer.awaitEnd();
                                });
                Larder waiting = Larder.connect(silent.uri())) {
            Cache<String, String> cache =
                    waiting.cache("texts", Codec.utf8(), Codec.utf8())
                            .withTimeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> cache.get("k")).isInstanceOf(RequestTimeoutException.class);
            assertThatThrownBy(() -> cache.async().get("k").join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RequestTimeoutException.class);
        }
    }

    @Test
    void failure_reachesCallbacksUnwrapped() throws Exception {
        users.put("ada", ADA);
        Cache<String, String> wrong = larder.cache("users", Codec.utf8(), Codec.utf8());

        Throwable seen =
                wrong.async()
                        .get("ada")
                        .handle((value, failure) -> failure)
                        .get(20, TimeUnit.SECONDS);

        assertThat(seen).isInstanceOf(CodecException.class);
    }
}
