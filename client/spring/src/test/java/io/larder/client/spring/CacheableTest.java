package io.larder.client.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.Larder;
import io.larder.client.api.TooLargeException;
import io.larder.client.junit.LarderExtension;
import io.larder.client.spring.Library.Book;
import io.larder.client.spring.Library.Shelf;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Spring's contract, with a real application and a real server, and another program beside it. */
@Timeout(90)
class CacheableTest {
    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=64m");

    private static ConfigurableApplicationContext context;
    private static OtherProgram other;
    private static Library library;
    private static Larder larder;

    @BeforeAll
    static void start() throws Exception {
        String uri = SERVER.server().uri();
        other = OtherProgram.start(uri); // which starts beside this one
        context =
                LibraryApplication.start(
                        uri,
                        "larder.caches.books.ttl=5m",
                        "larder.caches.books.null-ttl=1m",
                        "larder.caches.near.near.enabled=true",
                        "larder.caches.typed.value-type=" + Book.class.getName(),
                        "larder.caches.without-nulls.cache-nulls=false",
                        "management.simple.metrics.export.enabled=true");
        library = context.getBean(Library.class);
        larder = context.getBean(Larder.class);
        assertThat(other.answer()).isEqualTo("ready");
    }

    @AfterAll
    static void stop() throws Exception {
        other.close();
        context.close();
    }

    @BeforeEach
    void reset() {
        library.origin().reset();
    }

    private static Cache cache(String name) {
        return context.getBean(CacheManager.class).getCache(name);
    }

    private int calls() {
        return library.origin().calls.get();
    }

    // ---- one program ----

    @Test
    void secondCall_isAnsweredByTheCache() {
        Book first = library.book("1");

        assertThat(library.book("1")).isEqualTo(first);
        assertThat(calls()).isOne();
        assertThat(larder.cache("books").getEntry("1".getBytes(UTF_8)).orElseThrow())
                .satisfies(entry -> assertThat(entry.expiresInMillis()).isBetween(1L, 300_000L));
    }

    @Test
    void unless_keepsTheResultOut() {
        library.origin().makes = isbn -> new Book(isbn, "Draft", List.of());
        library.published("1");
        library.published("1");

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void condition_goesAroundTheCache() {
        library.long_("1");
        library.long_("1");
        library.long_("long");
        library.long_("long");

        assertThat(calls()).isEqualTo(3);
    }

    @Test
    void put_isWhatIsReadNext() {
        library.save(new Book("1", "Saved", List.of("B")));

        assertThat(library.book("1").title()).isEqualTo("Saved");
        assertThat(calls()).isZero();
    }

    @Test
    void evict_hasTheMethodRunAgain() {
        library.book("1");
        library.forget("1");
        library.book("1");

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void evictBeforeInvocation_evictsThoughTheMethodFails() {
        library.book("1");
        library.book("2");

        assertThatThrownBy(() -> library.forgetFirst("1")).hasMessage("after");
        assertThatThrownBy(() -> library.forgetAfter("2")).hasMessage("before");
        assertThat(cache("books").get("1")).isNull();
        assertThat(cache("books").get("2")).isNotNull();
    }

    @Test
    void clear_emptiesTheRegion_andNoOther() {
        library.book("1");
        library.book("2");
        library.mixed(1L);
        library.forgetAll();

        assertThat(larder.cache("books").keys(new byte[0])).isEmpty();
        assertThat(cache("lists").get(1L)).isNotNull();
    }

    @Test
    void nulls_areKept_forTheirOwnTime() {
        library.origin().makes = isbn -> null;

        assertThat(library.book("1")).isNull();
        assertThat(library.book("1")).isNull();
        assertThat(library.single("2")).isNull();
        assertThat(library.single("2")).isNull();
        assertThat(library.find("3")).isEmpty();
        assertThat(library.find("3")).isEmpty();
        assertThat(calls()).isEqualTo(3);
        for (String key : List.of("1", "2", "3")) {
            assertThat(larder.cache("books").getEntry(key.getBytes(UTF_8)).orElseThrow())
                    .satisfies(entry -> assertThat(entry.expiresInMillis()).isBetween(1L, 60_000L));
        }
    }

    @Test
    void nulls_whereTheyAreNotWanted_areNotKept() {
        Cache cache = cache("without-nulls");

        assertThat(cache.<Book>get("1", () -> null)).isNull();
        assertThat(cache.get("1")).isNull();
        assertThatThrownBy(() -> cache.put("1", null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exceptions_arePassedOn_andNothingIsKept() {
        library.origin().makes =
                isbn -> {
                    throw new IllegalStateException("origin");
                };

        assertThatThrownBy(() -> library.book("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("origin");
        assertThatThrownBy(() -> library.single("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("origin");
        assertThatThrownBy(() -> library.singleMono("1").block()).hasMessage("origin");
        assertThatThrownBy(() -> library.singleFuture("1").join()).hasRootCauseMessage("origin");
        assertThatThrownBy(
                        () ->
                                cache("books")
                                        .get(
                                                "1",
                                                () -> {
                                                    throw new java.io.IOException("checked");
                                                }))
                .isInstanceOf(ValueRetrievalException.class)
                .hasRootCauseMessage("checked");
        assertThat(cache("books").get("1")).isNull();
    }

    @Test
    void keysOfSeveralParameters_andValuesOfManyTypes_comeBack() {
        library.countsAt(new Shelf(1, "A"), 2L);
        library.countsAt(new Shelf(1, "A"), 2L);
        library.countsAt(new Shelf(1, "A"), 3L);
        assertThat(calls()).isEqualTo(2);

        library.mixed(7L);
        assertThat(library.mixed(7L)).containsExactly(7L, "text", new Shelf(1, "A"), 1.5);
        assertThat(calls()).isEqualTo(3);
    }

    @Test
    void putIfAbsent_givesWhatIsThere() {
        Cache cache = cache("books");

        assertThat(cache.putIfAbsent("1", "a")).isNull();
        assertThat(cache.putIfAbsent("1", "b").get()).isEqualTo("a");
        assertThat(cache.evictIfPresent("1")).isTrue();
        assertThat(cache.evictIfPresent("1")).isFalse();
    }

    @Test
    void valuesOfANamedClass_areAsOtherClientsWriteThem() {
        cache("typed").put("1", new Book("1", "T", List.of()));

        assertThat(larder.cache("typed").getText("1"))
                .hasValue("{\"isbn\":\"1\",\"title\":\"T\",\"authors\":[]}");
        assertThat(cache("typed").get("1", Book.class).title()).isEqualTo("T");
    }

    @Test
    void nearCache_readsItsCopies() {
        cache("near").put("1", "v");
        LarderCache near = (LarderCache) cache("near");
        await().until(
                        () -> {
                            near.get("1");
                            return near.getNativeCache().nearStats().orElseThrow().hits() > 0;
                        });

        assertThat(near.get("1").get()).isEqualTo("v");
    }

    // ---- bad input ----

    @Test
    void valueThatIsNone_isAMiss_countedAndRemoved() {
        LarderCache cache = (LarderCache) cache("books");
        long before = cache.undecodable();
        String hostile = "[\"javax.swing.JEditorPane\",{\"page\":\"http://127.0.0.1/\"}]";
        for (String bytes : List.of("no JSON", hostile)) {
            larder.cache("books").putText("1", bytes);
            assertThat(library.book("1").title()).isEqualTo("Title 1");
            larder.cache("books").putText("1", bytes);
            assertThat(library.single("1").title()).isEqualTo("Title 1");
            larder.cache("books").putText("1", bytes);
            assertThat(library.singleMono("1").block().title()).isEqualTo("Title 1");
        }

        assertThat(cache.undecodable()).isEqualTo(before + 6);
    }

    @Test
    void namesAndKeysThatAreTooLong_areRefusedByTheirLimit() {
        assertThatThrownBy(() -> cache("n".repeat(1_025)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cacheNameLength: 1025 (expected: 1..1024)");
        assertThatThrownBy(() -> library.book("k".repeat(5_000)))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("keyLength: 5000 (expected: 1..4095");
        assertThatThrownBy(() -> cache("books").get(new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
    }

    // ---- without waiting ----

    @Test
    void mono_isCached_empty_too() {
        assertThat(library.mono("1").block()).isEqualTo(library.mono("1").block());
        assertThat(calls()).isOne();
        library.origin().makes = isbn -> null;
        assertThat(library.mono("2").block()).isNull();
        assertThat(library.mono("2").block()).isNull();
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void flux_isCached() {
        List<Book> first = library.flux("a").collectList().block();

        assertThat(library.flux("a").collectList().block()).isEqualTo(first).hasSize(2);
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void futures_areCached() {
        assertThat(library.future("1").join()).isEqualTo(library.future("1").join());
        assertThat(library.singleFuture("2").join()).isEqualTo(library.singleFuture("2").join());
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void monoOnAThreadThatMustNotWait_isCached() {
        Mono<Book> book = Mono.defer(() -> library.mono("1")).subscribeOn(Schedulers.parallel());
        assertThat(book.block().title()).isEqualTo("Title 1");
        cacheFilled("1");

        Mono.fromRunnable(() -> library.forget("1")).subscribeOn(Schedulers.parallel()).block();
        await().until(() -> cache("books").get("1") == null);
    }

    private static void cacheFilled(String key) {
        await().until(() -> cache("books").get(key) != null);
    }

    // ---- two programs ----

    @Test
    void sync_loadsOnceInBothPrograms() throws Exception {
        CountDownLatch othersWait = new CountDownLatch(1);
        library.origin().makes =
                isbn -> {
                    awaitEnd(othersWait);
                    return new Book(isbn, "Mine", List.of());
                };
        CompletableFuture<Book> own = CompletableFuture.supplyAsync(() -> library.single("1"));
        await().until(() -> calls() == 1);
        CompletableFuture<Book> joined = CompletableFuture.supplyAsync(() -> library.single("1"));
        CompletableFuture<String> others = other.begin("single 1");
        await().until(() -> !larder.stats().get("parked_requests").equals("0"));
        othersWait.countDown();

        assertThat(own.join().title()).isEqualTo("Mine");
        assertThat(joined.join().title()).isEqualTo("Mine");
        assertThat(others.join()).isEqualTo("0 Mine");
        assertThat(calls()).isOne();
    }

    @Test
    void syncMono_loadsOnceInBothPrograms() {
        CompletableFuture<Book> origin = new CompletableFuture<>();
        library.origin().makes = isbn -> origin.join();
        CompletableFuture<Book> own = library.singleMono("1").toFuture();
        await().until(() -> calls() == 1);
        CompletableFuture<String> others = other.begin("mono 1");
        await().until(() -> !larder.stats().get("parked_requests").equals("0"));
        origin.complete(new Book("1", "Mine", List.of()));

        assertThat(own.join().title()).isEqualTo("Mine");
        assertThat(others.join()).isEqualTo("0 Mine");
    }

    @Test
    void changesOfOneProgram_areSeenByTheOther() {
        library.book("1");
        assertThat(other.run("book 1")).isEqualTo("0 Title 1");
        other.run("save 1");
        assertThat(library.book("1").title()).isEqualTo("Saved");
        library.forget("1");
        assertThat(other.run("book 1")).isEqualTo("1 Title 1");
        other.run("forgetAll");
        library.book("1");
        assertThat(calls()).isEqualTo(2);
        library.origin().makes = isbn -> null;
        library.book("absent");
        assertThat(other.run("book absent")).isEqualTo("0 null");
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- around it ----

    @Test
    void health_isUp_andMetricsTellOfTheCaches() {
        assertThat(
                        context.getBean("larderHealthIndicator", HealthIndicator.class)
                                .health()
                                .getStatus())
                .isEqualTo(Status.UP);
        MeterRegistry registry = context.getBean(SimpleMeterRegistry.class);
        library.book("1");
        library.book("1");

        assertThat(registry.get("cache.gets").tags("cache", "books", "result", "hit").meters())
                .isNotEmpty();
        assertThat(registry.get("larder.calls").tags("cache", "books", "operation", "GET").timers())
                .isNotEmpty();
        assertThat(registry.get("larder.connections").gauge().value()).isOne();
        assertThat(registry.get("larder.undecodable").tags("cache", "books").meters()).hasSize(1);
    }
}
