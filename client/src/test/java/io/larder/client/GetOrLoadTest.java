package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Cache;
import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.Codec;
import io.larder.client.api.LarderException;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.LoaderException;
import io.larder.client.api.NearOptions;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.StoredValue;
import io.larder.client.api.TooManyRequestsException;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Loads against the real server; two clients stand for two programs. */
@Timeout(60)
@Tag("slow")
class GetOrLoadTest {
    private static final LoadOptions OPTIONS = LoadOptions.DEFAULT.timeout(Duration.ofSeconds(30));

    private static RealServer server;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger loads = new AtomicInteger();
    private Larder one;
    private Larder other;
    private byte[] key;

    @BeforeAll
    static void startServer() throws Exception {
        server = RealServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect(TestInfo test) {
        one = client();
        other = client();
        key = bytes(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        threads.shutdownNow();
    }

    private static Larder client() {
        return Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Loader<byte[], byte[]> counting(String value) {
        return any -> {
            loads.incrementAndGet();
            return Optional.of(bytes(value));
        };
    }

    /** A loader that says when it has begun, and ends when it is told to. */
    private final class Gate {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        Loader<byte[], byte[]> around(Loader<byte[], byte[]> loader) {
            return any -> {
                begun.countDown();
                open.await();
                return loader.load(any);
            };
        }
    }

    private void awaitParked(int requests) {
        await().until(() -> one.stats().get("parked_requests").equals(String.valueOf(requests)));
    }

    private CompletableFuture<Optional<byte[]>> inThread(
            BytesCache cache, Loader<byte[], byte[]> loader) {
        return CompletableFuture.supplyAsync(() -> cache.getOrLoad(key, OPTIONS, loader), threads);
    }

    @Test
    void presentValue_isNotLoaded() {
        one.cache().put(key, bytes("v"));

        assertThat(one.cache().getOrLoad(key, OPTIONS, counting("x"))).hasValue(bytes("v"));
        assertThat(loads).hasValue(0);
    }

    @Test
    void missingValue_isLoadedOnce_forAllThreadsOfAllPrograms() {
        Gate gate = new Gate();
        List<CompletableFuture<Optional<byte[]>>> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            callers.add(inThread(one.cache(), gate.around(counting("v"))));
            callers.add(inThread(other.cache(), gate.around(counting("v"))));
            callers.add(other.async().getOrLoad(key, OPTIONS, gate.around(counting("v"))));
        }
        awaitParked(1);
        gate.open.countDown();

        assertThat(callers).allSatisfy(it -> assertThat(it.join()).hasValue(bytes("v")));
        assertThat(loads).hasValue(1);
        assertThat(one.cache().get(key)).hasValue(bytes("v"));
    }

    @Test
    void loadedValue_isEachCallersOwn() {
        Gate gate = new Gate();
        CompletableFuture<Optional<byte[]>> first =
                one.async().getOrLoad(key, OPTIONS, gate.around(counting("v")));
        CompletableFuture<Optional<byte[]>> second =
                one.async().getOrLoad(key, OPTIONS, counting("x"));
        gate.open.countDown();

        assertThat(first.join()).hasValue(bytes("v"));
        assertThat(second.join()).hasValue(bytes("v"));
        assertThat(first.join().orElseThrow()).isNotSameAs(second.join().orElseThrow());
    }

    @Test
    void blockingCall_loadsOnItsThread_otherCallsNeverOnTheEventLoop() {
        AtomicReference<Thread> loader = new AtomicReference<>();
        Loader<byte[], byte[]> here =
                any -> {
                    loader.set(Thread.currentThread());
                    return Optional.empty();
                };

        one.cache().getOrLoad(key, OPTIONS, here);
        assertThat(loader.get()).isSameAs(Thread.currentThread());
        one.async().getOrLoad(key, OPTIONS, here).join();
        assertThat(loader.get().getName()).startsWith("larder-loader-");
    }

    @Test
    void loaderThatFails_failsItsCallers_andTheNextOneLoads() {
        IllegalStateException cause = new IllegalStateException("no database");

        assertThatThrownBy(
                        () ->
                                one.cache()
                                        .getOrLoad(
                                                key,
                                                OPTIONS,
                                                any -> {
                                                    throw cause;
                                                }))
                .isInstanceOf(LoaderException.class)
                .hasCause(cause);
        assertThat(other.cache().getOrLoad(key, OPTIONS, counting("v"))).hasValue(bytes("v"));
        assertThatThrownBy(() -> one.cache().getOrLoad(bytes("null"), OPTIONS, any -> null))
                .isInstanceOf(LoaderException.class);
    }

    @Test
    void loaderThatFails_hasAnotherProgramLoadAtOnce() {
        Gate gate = new Gate();
        CompletableFuture<Optional<byte[]>> failing =
                inThread(
                        one.cache(),
                        gate.around(
                                any -> {
                                    throw new IOException("gone");
                                }));
        await().until(() -> gate.begun.getCount() == 0);
        CompletableFuture<Optional<byte[]>> waiting = inThread(other.cache(), counting("v"));
        awaitParked(1);
        gate.open.countDown();

        assertThat(waiting.join()).hasValue(bytes("v"));
        assertThatThrownBy(failing::join).hasCauseInstanceOf(LoaderException.class);
    }

    @Test
    void programThatGoesWhileItLoads_isReplacedAtOnce() {
        Gate gate = new Gate();
        var unused = one.async().getOrLoad(key, OPTIONS, gate.around(counting("late")));
        await().until(() -> gate.begun.getCount() == 0);
        CompletableFuture<Optional<byte[]>> waiting =
                other.async().getOrLoad(key, OPTIONS, counting("v"));
        await().until(() -> other.stats().get("parked_requests").equals("1"));

        one.close();

        assertThat(waiting.join()).hasValue(bytes("v"));
        gate.open.countDown();
    }

    @Test
    void originWithoutValue_isRememberedIfWanted() {
        Loader<byte[], byte[]> nothing =
                any -> {
                    loads.incrementAndGet();
                    return Optional.empty();
                };
        LoadOptions remembering = OPTIONS.negativeTtl(Duration.ofMinutes(1));

        assertThat(one.cache().getOrLoad(key, OPTIONS, nothing)).isEmpty();
        assertThat(one.cache().getOrLoad(key, remembering, nothing)).isEmpty();
        assertThat(loads).hasValue(2);
        await().until(() -> one.stats().get("leases").equals("0"));
        assertThat(other.cache().getOrLoad(key, remembering, nothing)).isEmpty();
        assertThat(loads).hasValue(2);
        assertThat(one.cache().get(key)).isEmpty();
        assertThat(one.cache().put(key, bytes("v"), PutOptions.DEFAULT.onlyIfAbsent()).isApplied())
                .isTrue();
    }

    @Test
    void deleteByAnother_whileItIsLoaded_keepsTheOldValueOut() {
        Gate gate = new Gate();
        CompletableFuture<Optional<byte[]>> loading =
                inThread(one.cache(), gate.around(counting("old")));
        await().until(() -> gate.begun.getCount() == 0);

        other.cache().delete(key);
        gate.open.countDown();

        assertThat(loading.join()).hasValue(bytes("old"));
        assertThat(other.cache().getOrLoad(key, OPTIONS, counting("new"))).hasValue(bytes("new"));
    }

    @Test
    void ownDelete_whileItIsLoaded_hasTheNextCallLoadAnew() {
        Gate gate = new Gate();
        CompletableFuture<Optional<byte[]>> loading =
                inThread(one.cache(), gate.around(counting("old")));
        await().until(() -> gate.begun.getCount() == 0);

        one.cache().delete(key);

        assertThat(one.cache().getOrLoad(key, OPTIONS, counting("new"))).hasValue(bytes("new"));
        gate.open.countDown();
        assertThat(loading.join()).hasValue(bytes("old"));
        assertThat(one.cache().get(key)).hasValue(bytes("new"));
    }

    @Test
    void pastSoftTtl_theOldValueIsGiven_whileOneLoadsTheNew() {
        LoadOptions soft = OPTIONS.softTtl(Duration.ofMillis(1));
        one.cache().getOrLoad(key, soft, counting("old"));
        await().until(() -> one.cache().get(key).isPresent());
        Gate gate = new Gate();
        LoadOptions lasting = OPTIONS.softTtl(Duration.ofMinutes(10));
        Loader<byte[], byte[]> reload = gate.around(counting("new"));
        await().until(
                        () -> {
                            Optional<byte[]> given = one.cache().getOrLoad(key, lasting, reload);
                            assertThat(given).hasValue(bytes("old"));
                            return gate.begun.getCount() == 0;
                        });
        for (int i = 0; i < 3; i++) {
            assertThat(other.cache().getOrLoad(key, lasting, reload)).hasValue(bytes("old"));
        }

        gate.open.countDown();

        await().until(() -> other.cache().getOrLoad(key, lasting, reload).orElseThrow()[0] == 'n');
        assertThat(loads).hasValue(2);
    }

    @Test
    void reloadThatFails_leavesTheOldValue() {
        LoadOptions soft = OPTIONS.softTtl(Duration.ofMillis(1));
        one.cache().getOrLoad(key, soft, counting("old"));
        await().until(() -> one.cache().get(key).isPresent());
        Loader<byte[], byte[]> failing =
                any -> {
                    loads.incrementAndGet();
                    throw new IOException("gone");
                };

        await().until(
                        () -> {
                            assertThat(one.cache().getOrLoad(key, soft, failing))
                                    .hasValue(bytes("old"));
                            return loads.get() == 2;
                        });
        assertThat(other.cache().getOrLoad(key, soft, failing)).hasValue(bytes("old"));
        assertThat(loads).hasValue(2);
    }

    @Test
    void othersLoad_longerThanTheTimeout_failsTheCall() {
        Gate gate = new Gate();
        var unused = inThread(one.cache(), gate.around(counting("v")));
        await().until(() -> gate.begun.getCount() == 0);
        LoadOptions brief = OPTIONS.timeout(Duration.ofMillis(50));

        assertThatThrownBy(() -> other.cache().getOrLoad(key, brief, counting("x")))
                .isInstanceOf(RequestTimeoutException.class);
        assertThatThrownBy(() -> one.cache().getOrLoad(key, brief, counting("x")))
                .isInstanceOf(RequestTimeoutException.class);
        gate.open.countDown();
    }

    /** Its load goes on for the others, on a thread of the client. */
    @Test
    void interruptedCaller_leavesItsLoadToOthers() {
        Gate gate = new Gate();
        var failing =
                inThread(
                        one.cache(),
                        gate.around(
                                any -> {
                                    throw new IOException("gone");
                                }));
        await().until(() -> gate.begun.getCount() == 0);
        AtomicReference<Thread> caller = new AtomicReference<>();
        CompletableFuture<Optional<byte[]>> interrupted =
                CompletableFuture.supplyAsync(
                        () -> {
                            caller.set(Thread.currentThread());
                            return other.cache().getOrLoad(key, OPTIONS, counting("v"));
                        },
                        threads);
        awaitParked(1);
        CompletableFuture<Optional<byte[]>> joined =
                other.async().getOrLoad(key, OPTIONS, counting("x"));

        caller.get().interrupt();

        assertThatThrownBy(interrupted::join).hasCauseInstanceOf(CallInterruptedException.class);
        gate.open.countDown();
        assertThat(joined.join()).hasValue(bytes("v"));
        assertThatThrownBy(failing::join).hasCauseInstanceOf(LoaderException.class);
    }

    @Test
    void executorThatTakesNoMore_failsTheCall_andFreesTheLease() {
        LoadOptions full =
                OPTIONS.executor(
                        task -> {
                            throw new RejectedExecutionException("full");
                        });

        assertThatThrownBy(() -> one.async().getOrLoad(key, full, counting("x")).join())
                .hasCauseInstanceOf(TooManyRequestsException.class);
        assertThat(other.cache().getOrLoad(key, OPTIONS, counting("v"))).hasValue(bytes("v"));
    }

    @Test
    void manyKeys_theMissingAreLoadedTogether() {
        BytesCache cache = one.cache("bulk");
        cache.put(bytes("a"), bytes("A"));
        List<List<String>> asked = new ArrayList<>();
        LoadOptions remembering = OPTIONS.negativeTtl(Duration.ofMinutes(1));

        List<Optional<StoredValue>> found =
                cache.getOrLoadAllStored(
                        List.of(bytes("a"), bytes("b"), bytes("c"), bytes("b"), bytes("none")),
                        remembering,
                        missing -> {
                            asked.add(missing.stream().map(it -> new String(it, UTF_8)).toList());
                            return missing.stream().map(GetOrLoadTest::upperCase).toList();
                        });

        assertThat(found.stream().map(GetOrLoadTest::text)).containsExactly("A", "B", "C", "B", "");
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0)).containsExactlyInAnyOrder("b", "c", "none");
        assertThat(cache.get(bytes("b"))).hasValue(bytes("B"));
        assertThat(cache.getOrLoadAllStored(List.of(), OPTIONS, missing -> List.of())).isEmpty();
    }

    private static Optional<StoredValue> upperCase(byte[] raw) {
        String text = new String(raw, UTF_8);
        return text.equals("none")
                ? Optional.empty()
                : Optional.of(StoredValue.raw(bytes(text.toUpperCase(Locale.ROOT))));
    }

    private static String text(Optional<StoredValue> found) {
        return found.map(it -> new String(it.bytes(), UTF_8)).orElse("");
    }

    @Test
    void manyKeys_thatAnotherProgramLoads_areNotLoadedHere() {
        Gate gate = new Gate();
        CompletableFuture<Optional<byte[]>> loading =
                inThread(one.cache(), gate.around(counting("v")));
        await().until(() -> gate.begun.getCount() == 0);
        CountDownLatch loadedHere = new CountDownLatch(1);

        CompletableFuture<List<Optional<StoredValue>>> all =
                other.async()
                        .getOrLoadAllStored(
                                List.of(key, bytes("mine")),
                                OPTIONS,
                                missing -> {
                                    loadedHere.countDown();
                                    return missing.stream().map(GetOrLoadTest::upperCase).toList();
                                });
        await().until(() -> loadedHere.getCount() == 0);
        gate.open.countDown();

        assertThat(all.join().stream().map(GetOrLoadTest::text)).containsExactly("v", "MINE");
        assertThat(loading.join()).isPresent();
    }

    @Test
    void bulkLoaderThatFails_failsTheCall_andFreesItsLeases() {
        assertThatThrownBy(
                        () ->
                                one.cache()
                                        .getOrLoadAllStored(
                                                List.of(key, bytes("second")),
                                                OPTIONS,
                                                missing -> List.of()))
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("0 values (expected: 2, one a key)");
        assertThat(other.cache().getOrLoad(key, OPTIONS, counting("v"))).hasValue(bytes("v"));
    }

    @Test
    void typedCache_loadsItsTypes() {
        Cache<String, Long> cache = one.cache("longs", Codec.utf8(), Codec.longs());

        assertThat(cache.getOrLoad("seven", text -> Optional.of(7L))).hasValue(7L);
        assertThat(cache.get("seven")).hasValue(7L);
        assertThat(
                        cache.getOrLoadAll(
                                List.of("seven", "eight"),
                                OPTIONS,
                                missing -> missing.stream().map(it -> Optional.of(8L)).toList()))
                .isEqualTo(Map.of("seven", 7L, "eight", 8L));
    }

    @Test
    void nearCache_loadsWhatItMisses_andKeepsWhatItReads() {
        Cache<String, String> near =
                one.nearCache("near-loads", NearOptions.DEFAULT, Codec.utf8(), Codec.utf8());
        Loader<String, String> loader =
                any -> {
                    loads.incrementAndGet();
                    return Optional.of("v");
                };

        for (int i = 0; i < 3; i++) {
            assertThat(near.getOrLoad("k", OPTIONS, loader)).hasValue("v");
        }

        assertThat(loads).hasValue(1);
        await().until(
                        () -> {
                            near.getOrLoad("k", OPTIONS, loader);
                            return near.bytes().async().nearStats().orElseThrow().hits() > 0;
                        });
        assertThat(near.getOrLoad("k", OPTIONS.softTtl(Duration.ofMinutes(1)), loader))
                .hasValue("v");
        assertThat(loads).hasValue(1);
    }

    @Test
    void serverWithoutLeases_hasOneLoadAtATimeInThisProgram() throws Exception {
        try (FakeServer old =
                        new FakeServer(
                                peer -> {
                                    peer.greet();
                                    while (true) {
                                        Frame request = peer.read();
                                        boolean asksForLease =
                                                request.is(Opcode.GET) && request.flags() != 0;
                                        peer.write(
                                                asksForLease
                                                        ? request.reply(Status.UNKNOWN_FLAG)
                                                        : peer.answer(request));
                                    }
                                });
                Larder larder = Larder.connect(old.uri())) {
            Gate gate = new Gate();
            List<CompletableFuture<Optional<byte[]>>> callers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                callers.add(larder.async().getOrLoad(key, OPTIONS, gate.around(counting("v"))));
            }
            gate.open.countDown();

            assertThat(callers).allSatisfy(it -> assertThat(it.join()).hasValue(bytes("v")));
            assertThat(loads).hasValue(1);
            await().until(() -> larder.cache().get(key).isPresent());
            assertThat(larder.cache().getOrLoad(key, OPTIONS, counting("x"))).hasValue(bytes("v"));
        }
    }

    @Test
    void serverThatIsGone_doesNotKeepValuesFromBeingLoaded() throws Exception {
        RealServer gone = RealServer.start();
        try (Larder larder =
                Larder.builder(gone.uri()).requestTimeout(Duration.ofMillis(300)).connect()) {
            gone.close();

            assertThat(larder.cache().getOrLoad(key, OPTIONS, counting("v"))).hasValue(bytes("v"));
            assertThatThrownBy(() -> larder.cache().get(key)).isInstanceOf(LarderException.class);
        }
    }
}
