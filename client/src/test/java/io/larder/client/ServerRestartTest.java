package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.BytesCache;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real server goes away and comes back on the same port. */
@Timeout(120)
class ServerRestartTest {
    private static LarderBuilder client(RealServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(20))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    @Test
    void callsDuringARestart_waitAndSucceed() throws Exception {
        RealServer first = RealServer.start();
        try (Larder larder = client(first).connect()) {
            BytesCache region = larder.cache("kept-open");
            region.putText("key", "before");
            first.close();
            var waiting = region.async().getText("key");
            try (RealServer second = RealServer.start(first.port())) {
                assertThat(second.port()).isEqualTo(first.port());
                assertThat(waiting.join()).isEmpty();
                assertThat(region.putText("key", "after").isApplied()).isTrue();
                assertThat(region.getText("key")).hasValue("after");
                assertThat(larder.cache().getText("key")).isEmpty();
            }
        }
    }

    @Test
    void callsAfterTheEnd_failWithinTheirTimeout() throws Exception {
        RealServer server = RealServer.start();
        try (Larder larder = client(server).connect()) {
            BytesCache impatient = larder.cache().withTimeout(Duration.ofMillis(50));
            server.close();

            await().untilAsserted(
                            () ->
                                    assertThatThrownBy(() -> impatient.getText("key"))
                                            .isInstanceOf(NotConnectedException.class));
        }
    }

    @Test
    void loadAcrossARestart_failsInKnownWaysAndRecovers() throws Exception {
        RealServer first = RealServer.start();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try (Larder larder = client(first).connect()) {
            List<Future<Integer>> loads = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String key = "key " + thread;
                loads.add(executor.submit(() -> load(larder.cache(), key, stop)));
            }
            await().until(() -> larder.cache().getText("key 7").isPresent());
            first.close();
            try (RealServer second = RealServer.start(first.port())) {
                assertThat(larder.cache().putText("second", "is up").isApplied()).isTrue();
                stop.set(true);
                for (Future<Integer> load : loads) {
                    assertThat(load.get()).isPositive();
                }
                assertThat(second.port()).isEqualTo(first.port());
                assertThat(larder.ping()).isPositive();
            }
        } finally {
            stop.set(true);
            executor.shutdown();
        }
    }

    private static int load(BytesCache cache, String key, AtomicBoolean stop) {
        int succeeded = 0;
        while (!stop.get()) {
            try {
                cache.putText(key, key);
                cache.getText(key).ifPresent(value -> assertThat(value).isEqualTo(key));
                succeeded++;
            } catch (LarderException e) {
                assertThat(e)
                        .isInstanceOfAny(
                                ConnectionLostException.class, RequestTimeoutException.class);
            }
        }
        return succeeded;
    }
}
