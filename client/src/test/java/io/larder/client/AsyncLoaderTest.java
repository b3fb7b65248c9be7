package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.AsyncLoader;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.LoaderException;
import io.larder.client.api.StoredValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loaders that do not wait for their values. */
@Timeout(60)
class AsyncLoaderTest {
    private static final int MORE_THAN_THREADS = 100;

    private static RealServer server;
    private static Larder larder;

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start();
        larder = Larder.connect(server.uri());
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static CompletableFuture<Optional<StoredValue>> load(
            String key, AsyncLoader<byte[], StoredValue> loader) {
        return larder.cache().async().getOrLoadStoredAsync(bytes(key), LoadOptions.DEFAULT, loader);
    }

    @Test
    void manyLoadsUnderWay_holdNoThreads() {
        CompletableFuture<Optional<StoredValue>> origin = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        List<CompletableFuture<Optional<StoredValue>>> loads = new ArrayList<>();
        for (int index = 0; index < MORE_THAN_THREADS; index++) {
            loads.add(
                    load(
                            "many" + index,
                            key -> {
                                begun.incrementAndGet();
                                return origin;
                            }));
        }
        await().until(() -> begun.get() == MORE_THAN_THREADS);
        origin.complete(Optional.of(StoredValue.raw(bytes("v"))));

        assertThat(loads).allSatisfy(load -> assertThat(load.join()).isPresent());
        await().until(() -> larder.cache().getText("many0").isPresent());
    }

    @Test
    void failedFuture_failsTheCallAndStoresNothing() {
        IllegalStateException reason = new IllegalStateException("origin");

        assertThatThrownBy(() -> load("bad", key -> CompletableFuture.failedFuture(reason)).join())
                .hasCauseInstanceOf(LoaderException.class)
                .hasRootCause(reason);
        assertThat(larder.cache().getText("bad")).isEmpty();
    }

    @Test
    void loaderThatThrows_failsTheCall() {
        assertThatThrownBy(
                        () ->
                                load(
                                                "thrown",
                                                key -> {
                                                    throw new IllegalStateException("origin");
                                                })
                                        .join())
                .hasRootCauseMessage("origin");
    }

    @Test
    void nullForAFuture_orForAValue_failsTheCall() {
        assertThatThrownBy(() -> load("null", key -> null).join())
                .hasRootCauseInstanceOf(NullPointerException.class);
        assertThatThrownBy(
                        () -> load("null", key -> CompletableFuture.completedFuture(null)).join())
                .hasRootCauseInstanceOf(NullPointerException.class);
    }
}
