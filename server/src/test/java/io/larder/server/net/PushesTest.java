package io.larder.server.net;

import static io.larder.protocol.ProtocolLimits.FEATURE_PUSH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.command.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a connection that keeps copies is told, and when, over sockets. */
class PushesTest {
    private static final int SYNC_ID = 99;

    private BinaryServer server;
    private RawClient reader;
    private RawClient writer;
    private int sequence; // of the last push read
    private ByteBuf lastPush = Unpooled.EMPTY_BUFFER;

    @BeforeEach
    void start() throws IOException {
        server = new BinaryServer();
        reader = new RawClient(server.port());
        reader.ask(RequestFrame.hello(FEATURE_PUSH));
        writer = RawClient.greeted(server.port());
        writer.ask(RequestFrame.set("k", "v"));
        writer.ask(RequestFrame.set("other", "v"));
    }

    @AfterEach
    void stop() throws IOException {
        reader.close();
        writer.close();
        server.close();
    }

    private Status track(String key) throws IOException {
        return reader.ask(RequestFrame.get(key).flags(RequestFlag.TRACK)).status();
    }

    /** Everything that comes before a SYNC's reply, as {@code 1 INVALIDATE k}. */
    private List<String> toldUntilSync() throws IOException {
        reader.send(RequestFrame.of(Opcode.SYNC).id(SYNC_ID).bytes());
        List<String> told = new ArrayList<>();
        while (true) {
            ByteBuf frame = Unpooled.wrappedBuffer(reader.replyBytes());
            if (FrameHeader.magic(frame, 0) == FrameHeader.MAGIC_RESPONSE) {
                assertThat(FrameHeader.requestId(frame, 0)).isEqualTo(SYNC_ID);
                assertThat(frame.getInt(FrameHeader.valueOffset(frame, 0))).isEqualTo(sequence);
                return told;
            }
            assertThat(FrameHeader.requestId(frame, 0)).isEqualTo(++sequence);
            told.add(sequence + " " + textOf(frame));
        }
    }

    private static String textOf(ByteBuf push) {
        Opcode opcode = Opcode.of(FrameHeader.opcode(push, 0));
        String key =
                push.toString(FrameHeader.keyOffset(push, 0), FrameHeader.keyBytes(push, 0), UTF_8);
        return opcode + " " + (key.isEmpty() ? FrameHeader.regionId(push, 0) : key);
    }

    static Stream<RequestFrame> changes() {
        return Stream.of(
                RequestFrame.set("k", "w"),
                RequestFrame.set("k", "w").flags(RequestFlag.QUIET | RequestFlag.ONLY_PRESENT),
                RequestFrame.of(Opcode.DELETE, "k"),
                RequestFrame.of(Opcode.TOUCH, "k").with(ExtensionType.TTL, 5_000),
                RequestFrame.of(Opcode.GET_AND_TOUCH, "k").with(ExtensionType.TTL, 5_000),
                RequestFrame.of(Opcode.APPEND, "k").value("x"),
                RequestFrame.of(Opcode.PREPEND, "k").value("x"),
                RequestFrame.batch(RequestFrame.set("k", "w")),
                RequestFrame.of(Opcode.SET, "k").value(new byte[100_000]));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChange_isToldBeforeTheNextSync_onceAndToNobodyElse(RequestFrame change) throws Exception {
        assertThat(track("k")).isEqualTo(Status.OK);
        assertThat(track("other")).isEqualTo(Status.OK);
        writer.send(change.bytes());
        writer.send(RequestFrame.of(Opcode.NOOP).id(7).bytes());
        while (writer.reply().id() != 7) {
            // the change's, if it is not quiet
        }
        assertThat(toldUntilSync()).containsExactly("1 INVALIDATE k");

        writer.ask(RequestFrame.set("k", "again"));
        assertThat(toldUntilSync()).isEmpty();
    }

    @Test
    void increment_isTold() throws Exception {
        writer.ask(RequestFrame.set("n", "1"));
        track("n");
        writer.ask(RequestFrame.of(Opcode.INCREMENT, "n"));

        assertThat(toldUntilSync()).containsExactly("1 INVALIDATE n");
    }

    @Test
    void aWriteThatFindsNothing_isTold_asTheItemMayHaveBeenEvicted() throws Exception {
        for (RequestFrame write :
                List.of(
                        RequestFrame.of(Opcode.DELETE, "gone"),
                        RequestFrame.set("gone", "w").flags(RequestFlag.ONLY_PRESENT),
                        RequestFrame.of(Opcode.TOUCH, "gone").with(ExtensionType.TTL, 1))) {
            assertThat(track("gone")).isEqualTo(Status.MISS);
            assertThat(writer.ask(write).status()).isEqualTo(Status.MISS);
            assertThat(toldUntilSync()).hasSize(1).allMatch(told -> told.endsWith("gone"));
        }
    }

    @Test
    void aRefusedWrite_isNotTold() throws Exception {
        track("k");
        writer.ask(RequestFrame.set("k", "w").flags(RequestFlag.ONLY_ABSENT));
        writer.ask(
                RequestFrame.set("k", "w")
                        .flags(RequestFlag.IF_VERSION)
                        .with(ExtensionType.VERSION, 3));

        assertThat(toldUntilSync()).isEmpty();
    }

    @Test
    void clears_areToldToWhoHasTrackedInTheRegion_since() throws Exception {
        writer.ask(RequestFrame.of(Opcode.OPEN_REGION, "r1"));
        RequestFrame inRegion = RequestFrame.get("k").region(1).flags(RequestFlag.TRACK);
        RequestFrame byTag =
                RequestFrame.of(Opcode.CLEAR).with(ExtensionType.TAGS.code(), new byte[] {1, 't'});
        writer.ask(RequestFrame.of(Opcode.CLEAR).region(1));
        assertThat(toldUntilSync()).isEmpty();

        reader.ask(inRegion);
        writer.ask(byTag);
        writer.ask(RequestFrame.of(Opcode.CLEAR).region(1));
        assertThat(toldUntilSync()).containsExactly("1 INVALIDATE_ALL 1");
        writer.ask(RequestFrame.of(Opcode.CLEAR).region(1));
        assertThat(toldUntilSync()).isEmpty();

        reader.ask(inRegion);
        track("k");
        writer.ask(RequestFrame.of(Opcode.CLEAR, "pre").region(1));
        writer.ask(byTag);
        assertThat(toldUntilSync()).containsExactly("2 INVALIDATE_ALL 1", "3 INVALIDATE_ALL 0");
    }

    @Test
    void pushes_comeWithoutBeingAskedFor() throws Exception {
        track("k");
        writer.ask(RequestFrame.set("k", "w"));

        ByteBuf push = Unpooled.wrappedBuffer(reader.replyBytes());
        assertThat(FrameHeader.magic(push, 0)).isEqualTo(FrameHeader.MAGIC_PUSH);
        assertThat(textOf(push)).isEqualTo("INVALIDATE k");
    }

    @Test
    void syncInTheSameRead_asTheWrite_isAnsweredAfterThePush() throws Exception {
        reader.send(
                RequestFrame.row(
                        RequestFrame.get("k").flags(RequestFlag.TRACK).id(1),
                        RequestFrame.set("k", "w").id(2),
                        RequestFrame.of(Opcode.SYNC).id(3)));
        assertThat(reader.reply().value()).isEqualTo("v".getBytes(UTF_8));
        assertThat(reader.reply().id()).isEqualTo(2);
        assertThat(textOf(Unpooled.wrappedBuffer(reader.replyBytes()))).isEqualTo("INVALIDATE k");
        assertThat(reader.reply().value()).containsExactly(0, 0, 0, 1);
    }

    @Test
    void trackInABatch_tracks() throws Exception {
        reader.ask(RequestFrame.batch(RequestFrame.get("k").flags(RequestFlag.TRACK)));
        writer.ask(RequestFrame.set("k", "w"));

        assertThat(toldUntilSync()).containsExactly("1 INVALIDATE k");
    }

    @Test
    void withoutTheFeature_trackAndSyncAreRefused() throws Exception {
        assertThat(writer.ask(RequestFrame.get("k").flags(RequestFlag.TRACK)).status())
                .isEqualTo(Status.BAD_REQUEST);
        assertThat(writer.ask(RequestFrame.of(Opcode.SYNC)).status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reader.ask(RequestFrame.of(Opcode.SYNC, "key")).status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void aReaderThatDoesNotRead_isToldToDropAll_inBoundedMemory() throws Exception {
        String[] keys = new String[12_000]; // more bytes than sockets keep
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "k".repeat(1_000) + i;
        }
        for (int from = 0; from < keys.length; from += 800) {
            readPast(batch(keys, from, it -> RequestFrame.get(it).flags(RequestFlag.TRACK)));
        }
        for (int from = 0; from < keys.length; from += 800) {
            writer.ask(batch(keys, from, it -> RequestFrame.of(Opcode.DELETE, it)));
        }
        assertThat(server.stat("push_overflows")).isPositive();
        List<String> told = toldUntilSync();

        assertThat(told.stream().anyMatch(it -> it.endsWith("INVALIDATE_ALL 0"))).isTrue();
        track("k");
        writer.ask(RequestFrame.of(Opcode.CLEAR));
        assertThat(toldUntilSync()).hasSize(1);
    }

    /** Asks, and reads what comes up to the answer. */
    private void readPast(RequestFrame request) throws IOException {
        reader.send(request.bytes());
        ByteBuf frame = Unpooled.wrappedBuffer(reader.replyBytes());
        while (FrameHeader.magic(frame, 0) == FrameHeader.MAGIC_PUSH) {
            assertThat(FrameHeader.requestId(frame, 0)).isEqualTo(++sequence);
            frame = Unpooled.wrappedBuffer(reader.replyBytes());
        }
    }

    private static RequestFrame batch(
            String[] keys, int from, Function<String, RequestFrame> operation) {
        return RequestFrame.batch(
                Arrays.stream(keys, from, from + 800).map(operation).toArray(RequestFrame[]::new));
    }

    @Test
    void aHotKey_isToldToWhoReadsIt_nowAndThen() throws Exception {
        String told = "";
        for (int i = 0; !told.endsWith("HOT_KEY k"); i++) {
            assertThat(i).as("reads").isLessThan(1_000_000);
            reader.send(RequestFrame.get("k").bytes());
            told = nextReplyIsPushed() ? textOf(lastPush) : told;
        }
        assertThat(lastPush.getInt(FrameHeader.valueOffset(lastPush, 0))).isEqualTo(5);
        assertThat(server.stat("hot_keys_told")).isBetween(1L, 100L);
    }

    /** Reads up to the next reply; whether a push came before it. */
    private boolean nextReplyIsPushed() throws IOException {
        boolean pushed = false;
        ByteBuf frame = Unpooled.wrappedBuffer(reader.replyBytes());
        while (FrameHeader.magic(frame, 0) == FrameHeader.MAGIC_PUSH) {
            lastPush = frame;
            pushed = true;
            frame = Unpooled.wrappedBuffer(reader.replyBytes());
        }
        return pushed;
    }

    @Test
    void connectionThatIsGone_isForgotten() throws Exception {
        track("k");
        reader.vanish(true);
        await().until(() -> server.stat("push_connections") == 0);

        assertThat(server.stat("tracking_bytes")).isZero();
        writer.ask(RequestFrame.set("k", "w"));
        assertThat(server.errors.count()).isZero();
    }
}
