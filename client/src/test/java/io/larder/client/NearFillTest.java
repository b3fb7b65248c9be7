package io.larder.client;

import static io.larder.protocol.ProtocolLimits.FEATURE_PUSH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.BytesCache;
import io.larder.client.api.NearOptions;
import io.larder.client.api.NearStats;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.PushBody;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Replies and pushes in every order, from a server whose every byte is scripted. */
class NearFillTest {
    private static final byte[] KEY = "k".getBytes(UTF_8);
    private static final NearOptions OPTIONS = NearOptions.DEFAULT;

    /** What the server has read that nobody has answered: GETs. */
    private final LinkedBlockingQueue<Frame> asked = new LinkedBlockingQueue<>();

    private volatile Peer peer;
    private int sequence;

    /** Greets with the feature, answers SYNCs and region openings, leaves GETs to the test. */
    private FakeServer server() throws IOException {
        return new FakeServer(
                connected -> {
                    connected.write(greeting(connected.read()));
                    peer = connected;
                    while (true) {
                        Frame frame = connected.read();
                        Opcode opcode = Opcode.of(frame.opcode());
                        switch (opcode) {
                            case GET -> asked.add(frame);
                            case SYNC -> write(frame.reply(Status.OK, number(sequence)));
                            case OPEN_REGION -> write(frame.reply(Status.OK, new byte[] {0, 1}));
                            default -> write(frame.ok());
                        }
                    }
                });
    }

    private synchronized void write(byte[]... frames) throws IOException {
        peer.write(frames);
    }

    private static byte[] greeting(Frame hello) {
        ByteBuf out = Unpooled.buffer();
        new HelloResponse(
                        ProtocolLimits.VERSION,
                        HelloLimits.DEFAULT,
                        7,
                        "fake",
                        List.of(FEATURE_PUSH))
                .write(out);
        return hello.reply(Status.OK, ByteBufUtil.getBytes(out));
    }

    private static byte[] number(int value) {
        return ByteBufUtil.getBytes(Unpooled.buffer().writeInt(value));
    }

    private byte[] push(Opcode opcode, byte[] key, byte... value) {
        return push(++sequence, opcode, key, value);
    }

    private static byte[] push(int number, Opcode opcode, byte[] key, byte... value) {
        ByteBuf out = Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putPush(out, 0, opcode.code(), number);
        FrameHeader.putRegion(out, 0, 1);
        FrameHeader.putLengths(out, 0, 0, key.length, value.length);
        return ByteBufUtil.getBytes(out.writeBytes(key).writeBytes(value));
    }

    private static byte[] found(Frame get, String value, long version) {
        assertThat(FrameHeader.flags(Unpooled.wrappedBuffer(get.bytes()), 0))
                .isEqualTo(RequestFlag.TRACK | RequestFlag.RETURN_META);
        return get.replyWith(
                Status.OK, Frame.extension(ExtensionType.VERSION, version), value.getBytes(UTF_8));
    }

    private static NearStats stats(BytesCache cache) {
        return cache.nearStats().orElseThrow();
    }

    /** Has one read answered by these frames, the reply among them. */
    private void readAnsweredBy(BytesCache cache, Answer answer) throws Exception {
        CompletableFuture<?> read = cache.async().get(KEY);
        write(answer.to(asked.take()));
        read.join();
    }

    /** The frames that answer a read. */
    @FunctionalInterface
    private interface Answer {
        byte[][] to(Frame get) throws Exception;
    }

    /** The near cache of a client whose server has answered a SYNC. */
    private static BytesCache synced(Larder larder, FakeServer server) {
        BytesCache cache = larder.nearCache("r", OPTIONS);
        assertThat(server.scriptFailures()).isEmpty();
        return cache;
    }

    @Test
    void replyOvertakenByItsInvalidation_isNotKept() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            readAnsweredBy(
                    cache,
                    get -> new byte[][] {push(Opcode.INVALIDATE, KEY), found(get, "old", 1)});

            assertThat(stats(cache).refusedFills()).isOne();
            assertThat(stats(cache).entries()).isZero();
            readAnsweredBy(cache, get -> new byte[][] {found(get, "new", 2)});
            await().untilAsserted(() -> assertThat(cache.getText("k")).contains("new"));
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void replyOvertakenByAClear_isNotKept() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            readAnsweredBy(
                    cache,
                    get ->
                            new byte[][] {
                                push(
                                        Opcode.INVALIDATE_ALL,
                                        new byte[0],
                                        (byte) PushBody.SCOPE_REGION),
                                found(get, "old", 1)
                            });

            assertThat(stats(cache).refusedFills()).isOne();
            assertThat(stats(cache).dropsTold()).isOne();
        }
    }

    @Test
    void replyOvertakenByAMissingPush_isNotKept() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            readAnsweredBy(
                    cache,
                    get -> {
                        sequence++;
                        return new byte[][] {
                            push(Opcode.INVALIDATE, "other".getBytes(UTF_8)), found(get, "old", 1)
                        };
                    });

            assertThat(stats(cache).refusedFills()).isOne();
            assertThat(stats(cache).dropsForGap()).isOne();
        }
    }

    @Test
    void invalidationOfAnotherKey_refusesNothing_andUnknownPushesCount() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            readAnsweredBy(
                    cache,
                    get ->
                            new byte[][] {
                                push(Opcode.INVALIDATE, "x".getBytes(UTF_8)),
                                push(Opcode.TOPOLOGY, new byte[0]),
                                push(0, Opcode.TOPOLOGY, new byte[0]),
                                push(Opcode.INVALIDATE, "y".getBytes(UTF_8)),
                                found(get, "v", 1)
                            });

            assertThat(stats(cache).refusedFills()).isZero();
            assertThat(stats(cache).dropsForGap()).isZero();
            assertThat(stats(cache).invalidations()).isEqualTo(2);
        }
    }

    @Test
    void ownWriteWhileAReadIsUnderWay_endsWhatTheReadBrings() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            readAnsweredBy(
                    cache,
                    get -> {
                        cache.async().put(KEY, "mine".getBytes(UTF_8)).join();
                        return new byte[][] {found(get, "old", 1)};
                    });

            assertThat(stats(cache).refusedFills()).isOne();
        }
    }

    @Test
    void laterVersion_isNotReplacedByAnEarlierOne() throws Exception {
        try (FakeServer server = server();
                Larder larder = Larder.connect(server.uri())) {
            BytesCache cache = synced(larder, server);
            CompletableFuture<?> first = cache.async().get(KEY);
            CompletableFuture<?> second = cache.async().get(KEY);
            Frame firstAsked = asked.take();
            write(found(asked.take(), "later", 9), found(firstAsked, "earlier", 8));
            CompletableFuture.allOf(first, second).join();

            assertThat(stats(cache).refusedFills()).isOne();
            assertThat(stats(cache).entries()).isOne();
        }
    }
}
