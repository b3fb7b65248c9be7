package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.RequestFrame;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that does not read costs a bounded amount of memory, and loses nothing. */
class BackPressureTest {
    private static final int VALUE_BYTES = 200_000;
    private static final int REQUESTS = 2_000;

    private static NetConfig config(long stallMillis) {
        return new NetConfig(
                "127.0.0.1", 0, 1, 10, 60_000, 60_000, 0, stallMillis, 256 << 10, 64 << 10);
    }

    /** Asks for far more than fits anywhere, on another thread, as sending blocks. */
    private static Thread flood(RawClient client, AtomicInteger sent) {
        byte[] get = RequestFrame.get("big").bytes();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                for (int i = 0; i < REQUESTS; i++) {
                                    client.send(get);
                                    sent.incrementAndGet();
                                }
                            } catch (IOException closed) {
                                sent.set(-1);
                            }
                        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void clientThatDoesNotRead_holdsBoundedMemoryAndThenGetsEverything() throws Exception {
        try (BinaryServer server = new BinaryServer(config(0));
                RawClient other = RawClient.greeted(server.port());
                RawClient client = new RawClient(server.port(), 16 << 10)) {
            client.ask(RequestFrame.hello());
            client.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[VALUE_BYTES]));
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            AtomicInteger sent = new AtomicInteger();
            Thread flood = flood(client, sent);
            flood.join(5_000);
            for (int i = 0; i < 200; i++) {
                assertThat(other.ask(RequestFrame.get("absent")).status()).isEqualTo(Status.MISS);
            }
            long held = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
            assertThat(held).isLessThan(64L << 20);
            assertThat(server.errors.count()).isZero();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.reply().value()).hasSize(VALUE_BYTES);
            }
            flood.join();
            assertThat(sent).hasValue(REQUESTS);
        }
    }

    @Test
    void clientThatNeverReads_isCutOffAfterItsTime() throws Exception {
        try (BinaryServer server = new BinaryServer(config(100));
                RawClient client = new RawClient(server.port(), 16 << 10)) {
            client.ask(RequestFrame.hello());
            client.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[VALUE_BYTES]));
            AtomicInteger sent = new AtomicInteger();
            Thread flood = flood(client, sent);
            server.passTime();
            await().atMost(Duration.ofSeconds(30)).until(() -> server.frontend.gate().open() == 0);
            flood.join();
            assertThat(server.errors.count()).isZero();
        }
    }

    @Test
    void hugeBatchOfReads_isSentInSeveralFlushes() throws IOException {
        try (BinaryServer server = new BinaryServer(config(0));
                RawClient client = RawClient.greeted(server.port())) {
            client.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[VALUE_BYTES]));
            RequestFrame[] gets = new RequestFrame[500];
            Arrays.fill(gets, RequestFrame.get("big"));
            client.send(RequestFrame.row(gets));
            for (int i = 0; i < gets.length; i++) {
                assertThat(client.reply().value()).hasSize(VALUE_BYTES);
            }
        }
    }
}
