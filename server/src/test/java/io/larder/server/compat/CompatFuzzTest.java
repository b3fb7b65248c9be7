package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.larder.server.LarderStore;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Caller;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.compat.Conversation.Stop;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to each protocol is spoiled at random: no exception, no hang, bytes go forward. */
@Timeout(60)
class CompatFuzzTest {
    private static final int ROUNDS = 30_000;
    private static final byte BINARY = (byte) 0x80;

    private static ItemsOnly store;

    @BeforeAll
    static void open() {
        store = new ItemsOnly();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static final List<String> TEXT =
            List.of(
                    "set a 1 0 3\r\nabc\r\nget a b\r\n",
                    "incr a 1\r\ndecr a 1\r\ntouch a 0\r\ngat 0 a\r\n",
                    "add b 0 0 1 noreply\r\nx\r\ncas b 0 0 1 5\r\ny\r\ndelete b\r\nstats items\r\n",
                    "ms a 2 T9 F1 c\r\nab\r\nmg a s v t f c k O1 h l\r\nmd a I T30\r\nmg a R40\r\n",
                    "mg YQ== b k v N30 c\r\n"
                            + "ms YQ== 1 b C5 I E7\r\n"
                            + "x\r\n"
                            + "ma n N0 J5 D2 v t c\r\n"
                            + "me a\r\n"
                            + "mn\r\n");
    private static final List<String> RESP =
            List.of(
                    "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$3\r\nabc\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
                    "SETRANGE a 3 x\r\nMSETNX a 1 b 2\r\nSCAN 0 MATCH [a-z]*\r\nHELLO 3\r\n",
                    "*5\r\n$4\r\nMSET\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\nINFO\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"text", "binary", "resp"})
    void spoiledBytes_areAnsweredOrRefused(String protocol) {
        ConversationFactory factory =
                protocol.equals("resp")
                        ? new Resp(store.services())
                        : new Memcached(store.services());
        long seed = 20_260_101L;
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = spoiled(seedOf(protocol, random), random);
            try {
                talk(factory, bytes, random);
            } catch (RuntimeException | Error e) {
                fail(
                        protocol
                                + ", seed "
                                + seed
                                + ", round "
                                + round
                                + ": "
                                + new String(bytes, ISO_8859_1),
                        e);
            }
        }
    }

    private static byte[] seedOf(String protocol, Random random) {
        if (protocol.equals("binary")) {
            byte[] bytes = new byte[24 + 8 + 1 + 3];
            bytes[0] = BINARY;
            bytes[1] = (byte) random.nextInt(0x26);
            bytes[3] = 1;
            bytes[4] = (byte) (random.nextBoolean() ? 8 : 0);
            bytes[11] = (byte) (random.nextBoolean() ? 12 : 4);
            return bytes;
        }
        List<String> seeds = protocol.equals("resp") ? RESP : TEXT;
        return seeds.get(random.nextInt(seeds.size())).getBytes(ISO_8859_1);
    }

    private static byte[] spoiled(byte[] bytes, Random random) {
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) ('0' + random.nextInt(10));
                default -> bytes[at] = (byte) "\r\n $*-\0".charAt(random.nextInt(7));
            }
        }
        return bytes;
    }

    /** Feeds bytes in two parts; every call either moves on, wants more, or ends. */
    private static void talk(ConversationFactory factory, byte[] bytes, Random random) {
        Conversation conversation = factory.open(new Alone());
        ByteBuf in = Unpooled.buffer(bytes.length);
        ByteBuf out = Unpooled.buffer();
        int cut = random.nextInt(bytes.length + 1);
        in.writeBytes(bytes, 0, cut);
        Stop stop = settle(conversation, in, out);
        if (stop != Stop.ENDS) {
            in.writeBytes(bytes, cut, bytes.length - cut);
            settle(conversation, in, out);
        }
        conversation.release();
    }

    private static Stop settle(Conversation conversation, ByteBuf in, ByteBuf out) {
        for (int calls = 0; calls < 100; calls++) {
            Stop stop = conversation.carryOut(in, out);
            if (stop != Stop.HAS_REPLIES) {
                assertThat(stop).isNotEqualTo(Stop.AWAITS);
                return stop;
            }
            out.clear();
        }
        return fail("100 calls without an end");
    }

    /** A connection whose other end nobody is at. */
    static final class Alone implements Peer {
        private final Caller caller =
                new Caller(AccessControl.open(), RegionTable.DEFAULT_NAME, remoteAddress());

        private final ByteBuf out = Unpooled.buffer();

        @Override
        public void wake() {}

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Future<?> schedule(Runnable task, long delayMillis) {
            return new CompletableFuture<>();
        }

        @Override
        public ByteBuf out() {
            return out;
        }

        @Override
        public void flush() {
            out.clear();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1:1";
        }

        @Override
        public String localAddress() {
            return "127.0.0.1:2";
        }
    }

    /** A store with its services, and no listeners. */
    static final class ItemsOnly implements AutoCloseable {
        private final UncaughtErrors errors = new UncaughtErrors();
        private final RegionTable regions = new RegionTable(space -> {});
        private final Pushes pushes = new Pushes(PushConfig.DEFAULT);
        private final LarderStore larder =
                LarderStore.open(
                        LarderStore.configOf(32 << 20, 1), 1, regions, pushes, errors::record);

        CommandServices services() {
            return new CommandServices(
                    larder.store(),
                    larder.clock(),
                    regions,
                    pushes,
                    new Leases(larder.store(), LeaseLimits.DEFAULT),
                    new MetricsRegistry(),
                    errors,
                    CommandLimits.DEFAULT.withValueBytesMax(1 << 21),
                    new CommandServices.ServerIdentity(1, "test"));
        }

        @Override
        public void close() {
            larder.close();
        }
    }
}
