package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.LarderOptions;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers are told whose future does not even end with its own time. */
@Timeout(30)
class WaiterTest {
    private final Router router =
            new Router(
                    ServerAddress.parseAll("larder://127.0.0.1:1"),
                    LarderOptions.DEFAULT,
                    System::nanoTime);
    private final Waiter waiter = new Waiter(router, 0);

    @AfterEach
    void close() {
        router.close();
    }

    @Test
    void attemptToConnect_isNotCalledACallbacksFault() {
        assertThatThrownBy(() -> waiter.awaitConnected(new CompletableFuture<>()))
                .isInstanceOf(NotConnectedException.class)
                .hasMessageContaining("within 1000 ms")
                .hasMessageContaining("none has been started");
    }

    @Test
    void call_isToldWhatTheThreadsAreDoing() {
        router.start();

        assertThatThrownBy(() -> waiter.await(new CompletableFuture<>()))
                .isInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining("stalled")
                .hasMessageMatching(".*larder-client-\\d+ is [A-Z_]+.*");
    }
}
