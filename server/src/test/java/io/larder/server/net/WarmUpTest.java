package io.larder.server.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.ExportReply;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.ScanRequest;
import io.larder.protocol.Status;
import io.larder.server.LarderServer;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers, real sockets: one is filled from the other while it serves. */
@Timeout(120)
class WarmUpTest {
    private static final int KEYS = 3_000;
    private static final int HOUR_MILLIS = 3_600_000;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private LarderServer serve(String... settings) throws Exception {
        ConfigurationLoader loader = new ConfigurationLoader();
        loader.define("store.memory=32m");
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        Arrays.stream(settings).forEach(loader::define);
        LarderServer server = LarderServer.start(loader.load());
        open.push(server);
        return server;
    }

    private RawClient connect(LarderServer server) throws IOException {
        RawClient client = RawClient.greeted(server.dataAddress().getPort());
        open.push(client);
        return client;
    }

    private static void set(RawClient client, RequestFrame frame) throws IOException {
        assertThat(client.ask(frame).status()).isEqualTo(Status.OK);
    }

    private static String get(RawClient client, String key) throws IOException {
        ReplyFrame reply = client.ask(RequestFrame.get(key));
        return reply.status() == Status.OK ? reply.text() : "" + reply.status();
    }

    private static void awaitEnd(RawClient client) {
        await().until(
                        () ->
                                client.ask(RequestFrame.of(Opcode.STATS))
                                        .text()
                                        .contains("warm_up_over 1\n"));
    }

    @Test
    void newServer_getsWhatThePeerHas_withRegionsAndLifetimes() throws Exception {
        LarderServer peer = serve();
        RawClient there = connect(peer);
        for (int i = 0; i < KEYS; i++) {
            set(there, RequestFrame.set("key " + i, "value " + i));
        }
        set(there, RequestFrame.set("timed", "t").with(ExtensionType.TTL, HOUR_MILLIS));
        set(there, RequestFrame.set("long", "x".repeat(200_000)));
        set(there, RequestFrame.set("tagged", "t").with(ExtensionType.TAGS.code(), tag("red")));
        int carts = region(there, "carts");
        set(there, RequestFrame.set("key 1", "a cart").region(carts));

        LarderServer server = serve("warm.from=127.0.0.1:" + peer.dataAddress().getPort());
        RawClient here = connect(server);
        set(here, RequestFrame.set("key 5", "written here"));
        here.ask(RequestFrame.of(Opcode.DELETE, "key 7"));
        awaitEnd(here);

        for (int i = 0; i < KEYS; i++) {
            if (i != 5 && i != 7) {
                assertThat(get(here, "key " + i)).isEqualTo("value " + i);
            }
        }
        assertThat(get(here, "key 5")).isEqualTo("written here");
        assertThat(get(here, "key 7")).isEqualTo("MISS");
        assertThat(get(here, "long")).hasSize(200_000);
        assertThat(get(here, "tagged")).as("left out").isEqualTo("MISS");
        assertThat(here.ask(RequestFrame.get("key 1").region(region(here, "carts"))).text())
                .isEqualTo("a cart");
        ReplyFrame timed = here.ask(RequestFrame.get("timed").flags(RequestFlag.RETURN_META));
        assertThat(timed.number(ExtensionType.EXPIRES_IN))
                .isBetween(HOUR_MILLIS - 120_000L, (long) HOUR_MILLIS);
    }

    private static byte[] tag(String tag) {
        byte[] bytes = tag.getBytes(UTF_8);
        byte[] one = new byte[1 + bytes.length];
        one[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, one, 1, bytes.length);
        return one;
    }

    private static int region(RawClient client, String name) throws IOException {
        byte[] value = client.ask(RequestFrame.of(Opcode.OPEN_REGION, name)).value();
        return ((value[0] & 0xFF) << 8) | (value[1] & 0xFF);
    }

    @Test
    void lostConnection_isResumedAtItsCursor_andWhatClientsDidMeanwhileStands() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LarderServer server = serve("warm.from=127.0.0.1:" + listening.getLocalPort());
            RawClient here = connect(server);
            try (Peer peer = new Peer(listening.accept())) {
                peer.greet();
                assertThat(peer.nextCursor()).isZero();
                peer.send(5, item("first"));
                assertThat(peer.nextCursor()).isEqualTo(5);
            }
            set(here, RequestFrame.set("set", "here"));
            here.ask(RequestFrame.of(Opcode.DELETE, "absent"));
            set(here, RequestFrame.set("both", "here"));
            here.ask(RequestFrame.of(Opcode.DELETE, "both"));
            try (Peer peer = new Peer(listening.accept())) {
                peer.greet();
                assertThat(peer.nextCursor()).isEqualTo(5);
                peer.send(0, item("set"), item("absent"), item("both"), item("other"));
                assertThat(peer.nextCursor()).isZero();
                peer.refuse(Status.UNKNOWN_REGION);
                awaitEnd(here);
            }

            assertThat(get(here, "first")).isEqualTo("peer's");
            assertThat(get(here, "set")).isEqualTo("here");
            assertThat(get(here, "absent")).isEqualTo("MISS");
            assertThat(get(here, "both")).isEqualTo("MISS");
            assertThat(get(here, "other")).isEqualTo("peer's");
        }
    }

    @Test
    void regionThatIsCleared_isNotFilledFurther() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LarderServer server = serve("warm.from=127.0.0.1:" + listening.getLocalPort());
            RawClient here = connect(server);
            try (Peer peer = new Peer(listening.accept())) {
                peer.greet();
                peer.nextCursor();
                set(here, RequestFrame.of(Opcode.CLEAR));
                peer.send(5, item("a"));
                assertThat(peer.nextCursor()).as("of the next region").isZero();
                peer.refuse(Status.UNKNOWN_REGION);
                awaitEnd(here);
            }

            assertThat(get(here, "a")).isEqualTo("MISS");
        }
    }

    @Test
    void peerThatTalksNonsense_isGivenUp_andTheServerServes() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LarderServer server = serve("warm.from=127.0.0.1:" + listening.getLocalPort());
            RawClient here = connect(server);
            try (Socket socket = listening.accept()) {
                socket.getOutputStream().write(new byte[64]);
            }

            set(here, RequestFrame.set("a", "1"));
            assertThat(get(here, "a")).isEqualTo("1");
        }
    }

    private static ExportReply.Item item(String key) {
        return new ExportReply.Item(
                ExportReply.NEVER,
                ExportReply.NEVER,
                0,
                0,
                0,
                false,
                key.getBytes(UTF_8),
                "peer's".getBytes(UTF_8));
    }

    /** A peer that says what the test wants. */
    private static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private ByteBuf request = Unpooled.EMPTY_BUFFER;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(60_000);
            in = new DataInputStream(socket.getInputStream());
        }

        private void read() throws IOException {
            byte[] header = in.readNBytes(ProtocolLimits.HEADER_BYTES);
            request = Unpooled.buffer().writeBytes(header);
            request.writeBytes(in.readNBytes((int) FrameHeader.bodyBytes(request, 0)));
        }

        void greet() throws IOException {
            read();
            ByteBuf value = Unpooled.buffer();
            new HelloResponse(
                            1,
                            new HelloLimits(4095, 1 << 20, 100, 100, 1 << 20),
                            42,
                            "t",
                            List.of())
                    .write(value);
            reply(Status.OK, value);
        }

        long nextCursor() throws IOException {
            read();
            assertThat(FrameHeader.opcode(request, 0)).isEqualTo(Opcode.EXPORT.code());
            return ScanRequest.read(
                            request,
                            FrameHeader.valueOffset(request, 0),
                            FrameHeader.valueBytes(request, 0))
                    .cursor();
        }

        void send(long cursor, ExportReply.Item... items) throws IOException {
            ByteBuf value = Unpooled.buffer();
            new ExportReply(cursor, 0, "default", List.of(items)).write(value);
            reply(Status.OK, value);
        }

        void refuse(Status status) throws IOException {
            reply(status, Unpooled.EMPTY_BUFFER);
        }

        private void reply(Status status, ByteBuf value) throws IOException {
            ByteBuf frame = Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
            FrameHeader.putResponse(
                    frame,
                    0,
                    FrameHeader.opcode(request, 0),
                    status,
                    FrameHeader.requestId(request, 0));
            FrameHeader.putLengths(frame, 0, 0, 0, value.readableBytes());
            frame.writeBytes(value);
            socket.getOutputStream().write(ByteBufUtil.getBytes(frame));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
