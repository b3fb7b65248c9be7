package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.Status;
import io.larder.server.accesslog.Event;
import io.larder.server.accesslog.EventListener;
import io.larder.server.command.RequestFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of a server that throw: each ends what it belongs to, is counted, and nothing else. */
@Timeout(60)
class FaultyPartsTest {
    private static final int READS_THAT_WORK = 2;

    private BinaryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new BinaryServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A second listener of the same server, whose connections are spoilt before they are used. */
    private BoundListener spoilt(Consumer<Channel> fault) throws IOException {
        Frontend faulty =
                new Frontend() {
                    @Override
                    public String name() {
                        return "faulty";
                    }

                    @Override
                    public void initialize(Channel channel) {
                        server.frontend.initialize(channel);
                        fault.accept(channel);
                    }
                };
        return server.transport.bind(faulty, "127.0.0.1", 0);
    }

    private List<String> errorsSeen() {
        List<String> seen = new ArrayList<>();
        server.errors.forEach((count, first, last, trace) -> seen.add(count + " " + trace));
        return seen;
    }

    private static void assertUsable(RawClient client) throws IOException {
        assertThat(client.ask(RequestFrame.get("absent")).status()).isEqualTo(Status.MISS);
    }

    /** Throws at what it reads after a while, an exception or an error by turns. */
    private static final class FaultyHandler extends ChannelInboundHandlerAdapter {
        private final Throwable fault;
        private int reads;

        FaultyHandler(Throwable fault) {
            this.fault = fault;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            if (reads++ < READS_THAT_WORK) {
                ctx.fireChannelRead(message);
                return;
            }
            ReferenceCountUtil.release(message);
            if (fault instanceof Error error) {
                throw error;
            }
            throw (Exception) fault;
        }
    }

    @Test
    void handlerThatThrows_endsItsConnectionOnly_andIsCounted() throws IOException {
        for (Throwable fault :
                List.of(new IllegalStateException("planted 1"), new AssertionError("planted 2"))) {
            BoundListener listener =
                    spoilt(channel -> channel.pipeline().addFirst(new FaultyHandler(fault)));
            try (RawClient bystander = RawClient.greeted(server.port());
                    RawClient client = RawClient.greeted(listener.address().getPort())) {
                assertUsable(client);
                client.send(RequestFrame.get("absent").bytes());

                assertThat(client.isClosedByServer()).isTrue();
                assertUsable(bystander);
            } finally {
                listener.close();
            }
        }
        assertThat(server.errors.count()).isEqualTo(2);
        assertThat(errorsSeen())
                .hasSize(2)
                .anyMatch(text -> text.contains("planted 1"))
                .anyMatch(text -> text.contains("planted 2"));
    }

    @Test
    void connectionThatCannotBeFurnished_isClosedAndCounted() throws IOException {
        BoundListener listener =
                spoilt(
                        channel -> {
                            throw new IllegalStateException("planted");
                        });
        try (RawClient client = new RawClient(listener.address().getPort())) {
            assertThat(client.isClosedByServer()).isTrue();
        } finally {
            listener.close();
        }
        try (RawClient client = RawClient.greeted(server.port())) {
            assertUsable(client);
        }
        assertThat(errorsSeen()).singleElement().asString().contains("planted");
        await().until(() -> server.frontend.gate().open() == 0);
    }

    /** As a check of deadlines, or what is done for it later: by nobody's call of a handler. */
    @Test
    void taskOfAConnectionThatThrows_endsThatOnly_andIsCounted() throws IOException {
        List<Channel> channels = new CopyOnWriteArrayList<>();
        BoundListener listener = spoilt(channels::add);
        try (RawClient bystander = RawClient.greeted(server.port());
                RawClient client = RawClient.greeted(listener.address().getPort())) {
            Channel channel = channels.get(0);
            channel.eventLoop()
                    .execute(
                            new ConnectionTask(
                                    channel,
                                    () -> {
                                        throw new IllegalStateException("planted");
                                    }));

            assertThat(client.isClosedByServer()).isTrue();
            assertUsable(bystander);
        } finally {
            listener.close();
        }
        assertThat(errorsSeen()).singleElement().asString().contains("planted");
    }

    /** The log of events is told by a task of the maintenance pool, as all upkeep is done. */
    @Test
    void listenerToEventsThatThrows_isCounted_andClientsAndOtherListenersNoticeNothing()
            throws IOException {
        List<Long> told = new ArrayList<>(); // by the drain, one after the other
        server.store.watch(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        throw new IllegalStateException("planted");
                    }

                    @Override
                    public void onGap(long sequence, long lost) {}
                });
        server.store.watch(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        synchronized (told) {
                            told.add(event.version());
                        }
                    }

                    @Override
                    public void onGap(long sequence, long lost) {}
                });
        int writes = 100;
        try (RawClient client = RawClient.greeted(server.port())) {
            for (int i = 0; i < writes; i++) {
                RequestFrame set = RequestFrame.set("k" + i, "v");
                assertThat(client.ask(set).status()).isEqualTo(Status.OK);
            }
            await().until(() -> server.errors.count() >= writes);
            assertUsable(client);
        }
        synchronized (told) {
            assertThat(told).hasSizeGreaterThanOrEqualTo(writes);
        }
        assertThat(errorsSeen()).singleElement().asString().contains("planted");
    }
}
