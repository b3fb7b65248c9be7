package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.FakeServer.Script;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends what is held, each time in the way that a test can be sure of: the server is asked. */
@Timeout(30)
class HotKeyFaultsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private final AtomicInteger asked = new AtomicInteger();

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(10))
                .hotKeyAge(Duration.ofSeconds(1));
    }

    private static byte[] push(Opcode opcode, int sequence, byte[] key, byte[] value) {
        ByteBuf out = Unpooled.buffer();
        out.writerIndex(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putPush(out, 0, opcode.code(), sequence);
        FrameHeader.putLengths(out, 0, 0, key.length, value.length);
        out.writeBytes(key).writeBytes(value);
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] hotKey(int sequence) {
        return push(Opcode.HOT_KEY, sequence, KEY, new byte[] {0, 0, 3, (byte) 0xE8});
    }

    /** Says with the first answer that the key is hot; each value is the number of the question. */
    private Script hotAtOnce(byte[]... afterTheSecond) {
        return peer -> {
            peer.greetWith(ProtocolLimits.FEATURE_PUSH);
            int here = 0;
            while (true) {
                Frame request = peer.read();
                byte[] answer = request.ok(Integer.toString(asked.incrementAndGet()));
                here++;
                if (here == 1) {
                    peer.write(hotKey(1), answer);
                } else if (here == 2) {
                    peer.write(answer, Frame.concatenate(List.of(afterTheSecond)));
                } else {
                    peer.write(answer);
                }
            }
        };
    }

    private static int read(Larder larder) {
        return Integer.parseInt(new String(larder.cache().get(KEY).orElseThrow(), UTF_8));
    }

    /** Reads until nothing that was held before is served, and says how many were asked for. */
    private void assertThatItIsAskedForAgain(byte[]... pushes) throws Exception {
        try (FakeServer server = new FakeServer(hotAtOnce(pushes));
                Larder larder = client(server).connect()) {
            assertThat(read(larder)).isEqualTo(1);
            assertThat(read(larder)).isEqualTo(2);
            larder.ping(); // its answer is read after the pushes
            int before = asked.get();
            assertThat(read(larder)).isGreaterThan(before);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void withoutPushes_itIsHeld() throws Exception {
        try (FakeServer server = new FakeServer(hotAtOnce());
                Larder larder = client(server).connect()) {
            for (int i = 0; i < 1_000; i++) {
                read(larder);
            }
            assertThat(asked.get()).isLessThan(100);
        }
    }

    @Test
    void changeThatIsTold_endsIt() throws Exception {
        assertThatItIsAskedForAgain(push(Opcode.INVALIDATE, 2, KEY, new byte[0]));
    }

    @Test
    void clearThatIsTold_endsIt() throws Exception {
        assertThatItIsAskedForAgain(push(Opcode.INVALIDATE_ALL, 2, new byte[0], new byte[] {1}));
    }

    @Test
    void clearOfEverything_endsIt() throws Exception {
        assertThatItIsAskedForAgain(push(Opcode.INVALIDATE_ALL, 2, new byte[0], new byte[] {0}));
    }

    @Test
    void pushOutOfSequence_endsIt() throws Exception {
        assertThatItIsAskedForAgain(
                push(Opcode.INVALIDATE, 3, "other".getBytes(UTF_8), new byte[0]));
    }

    @Test
    void lostConnection_endsIt() throws Exception {
        List<Integer> seen = new ArrayList<>();
        Script script =
                peer -> {
                    if (peer.number > 0) {
                        peer.greet();
                        while (true) {
                            peer.write(peer.read().ok("100"));
                        }
                    }
                    peer.greetWith(ProtocolLimits.FEATURE_PUSH);
                    peer.write(hotKey(1), peer.read().ok("1"));
                    peer.write(peer.read().ok("2"));
                    peer.read(); // and closes
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            seen.add(read(larder));
            seen.add(read(larder));
            larder.ping(); // answered over the next connection
            seen.add(read(larder));

            assertThat(seen).containsExactly(1, 2, 100);
        }
    }

    @Test
    void pushThatCannotBeRead_closesTheConnection_andSaysWhy() throws Exception {
        Script script =
                peer -> {
                    peer.greetWith(ProtocolLimits.FEATURE_PUSH);
                    if (peer.number == 0) {
                        peer.write(push(Opcode.HOT_KEY, 1, KEY, new byte[] {1}));
                        peer.awaitEnd();
                    } else {
                        peer.serve();
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void keysWithoutEnd_takeNoRoomWithoutEnd() throws Exception {
        Script script =
                peer -> {
                    peer.greetWith(ProtocolLimits.FEATURE_PUSH);
                    for (int i = 1; i <= 10_000; i++) {
                        byte[] key = ("key" + i).getBytes(UTF_8);
                        peer.write(push(Opcode.HOT_KEY, i, key, new byte[] {0, 0, 0, 5}));
                    }
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(larder.cache().get("key10000".getBytes(UTF_8))).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }
}
