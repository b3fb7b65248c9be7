package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.larder.server.compat.CompatFuzzTest.Alone;
import io.larder.server.compat.CompatFuzzTest.ItemsOnly;
import io.larder.server.compat.Conversation.Stop;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.net.NetConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pipelined reads and writes allocate nothing for a request, and the replies to all that was read
 * at once are flushed once.
 */
@Tag("slow")
@Timeout(60)
class CompatAllocationTest {
    private static final int REQUESTS = 64;
    private static final int KEYS = 16;
    private static final int WARM_UP_BATCHES = 200;
    private static final int BATCHES = 200;
    private static final int ROUNDS_MAX = 20;

    private static ItemsOnly store;

    @BeforeAll
    static void open() {
        store = new ItemsOnly();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** What is asked, in one protocol: each request with a key of its number. */
    enum Asked {
        TEXT_GET,
        TEXT_SET,
        META_GET,
        META_SET,
        BINARY_GET,
        BINARY_SET,
        RESP_GET,
        RESP_SET,
        TEXT_INCR,
        TEXT_MGET,
        META_ARITHMETIC,
        BINARY_INCR,
        BINARY_MGET,
        RESP_INCR,
        RESP_MGET,
        RESP_MSET;

        byte[] request(int number) {
            String key = "key%02d".formatted(number % KEYS);
            return switch (this) {
                case TEXT_GET -> ascii("get " + key + "\r\n");
                case TEXT_SET -> ascii("set " + key + " 0 0 3\r\n100\r\n");
                case META_GET -> ascii("mg " + key + " v s f\r\n");
                case META_SET -> ascii("ms " + key + " 3 T100\r\n100\r\n");
                case TEXT_INCR -> ascii("incr " + key + " 1\r\n");
                case TEXT_MGET -> ascii("get key01 " + key + " none!\r\n");
                case META_ARITHMETIC -> ascii("ma " + key + " v\r\n");
                case BINARY_INCR -> binary(0x05, key, "\0\0\0\0\0\0\0\1" + "\0".repeat(12), "");
                case BINARY_MGET -> binary(0x0d, key, "", "");
                case RESP_MSET ->
                        ascii(
                                "*5\r\n$4\r\nmset\r\n$5\r\nkey01\r\n$1\r\n1\r\n$5\r\n"
                                        + key
                                        + "\r\n$2\r\n10\r\n");
                case RESP_INCR -> ascii("*2\r\n$4\r\nincr\r\n$5\r\n" + key + "\r\n");
                case RESP_MGET ->
                        ascii(
                                "*4\r\n$4\r\nmget\r\n$5\r\nkey01\r\n$5\r\n"
                                        + key
                                        + "\r\n$5\r\nnone!\r\n");
                case BINARY_GET -> binary(0x00, key, "", "");
                case BINARY_SET -> binary(0x01, key, "\0\0\0\0\0\0\0\0", "100");
                case RESP_GET -> ascii("*2\r\n$3\r\nGET\r\n$5\r\n" + key + "\r\n");
                case RESP_SET -> ascii("*3\r\n$3\r\nset\r\n$5\r\n" + key + "\r\n$3\r\n100\r\n");
            };
        }

        private static byte[] ascii(String text) {
            return text.getBytes(ISO_8859_1);
        }

        private static byte[] binary(int opcode, String key, String extras, String value) {
            String body = extras + key + value;
            return ByteBuffer.allocate(24 + body.length())
                    .put((byte) 0x80)
                    .put((byte) opcode)
                    .putShort((short) key.length())
                    .put((byte) extras.length())
                    .put(new byte[3])
                    .putInt(body.length())
                    .put(new byte[12])
                    .put(body.getBytes(ISO_8859_1))
                    .array();
        }

        byte[] batch() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < REQUESTS; i++) {
                bytes.writeBytes(request(i));
            }
            return bytes.toByteArray();
        }

        ConversationFactory protocol() {
            return name().startsWith("RESP")
                    ? new Resp(store.services())
                    : new Memcached(store.services());
        }

        Asked writes() {
            return valueOf(name().replaceAll("_.*", "_SET"));
        }
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void pipelinedRequests_allocateNothing(Asked asked) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Conversation conversation = asked.protocol().open(new Alone());
        byte[] requests = asked.batch();
        ByteBuf in = Unpooled.directBuffer(requests.length).writeBytes(requests);
        ByteBuf out = Unpooled.directBuffer(1 << 16);
        carryOut(asked.protocol().open(new Alone()), asked.writes().batch(), out);
        repeat(conversation, in, out, WARM_UP_BATCHES);

        long allocated = Long.MAX_VALUE; // in the best round: the JVM has something to do, too
        for (int round = 0; round < ROUNDS_MAX && allocated >= BATCHES * REQUESTS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(conversation, in, out, BATCHES);
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(out.readableBytes()).isGreaterThan(REQUESTS);
        assertThat(allocated)
                .as(
                        "bytes for %s requests, of which one object each would be 16",
                        BATCHES * REQUESTS)
                .isLessThan(BATCHES * REQUESTS);
        conversation.release();
        in.release();
        out.release();
    }

    private static void carryOut(Conversation conversation, byte[] requests, ByteBuf out) {
        ByteBuf in = Unpooled.directBuffer(requests.length).writeBytes(requests);
        repeat(conversation, in, out, 1);
        in.release();
        conversation.release();
    }

    private static void repeat(Conversation conversation, ByteBuf in, ByteBuf out, int times) {
        for (int i = 0; i < times; i++) {
            in.readerIndex(0);
            out.clear();
            Stop stop = conversation.carryOut(in, out);
            if (stop != Stop.NEEDS_INPUT || in.isReadable()) {
                throw new AssertionError(stop + ", " + in + " (expected: all carried out)");
            }
        }
    }

    private static final class Flushes extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            count++;
            ctx.flush();
        }
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void repliesToOneReadBatch_areFlushedOnce(Asked asked) {
        Flushes flushes = new Flushes();
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        flushes,
                        new CompatConnection(
                                NetConfig.DEFAULT, store.services(), asked.protocol()));
        byte[] requests = asked.batch();
        int middle = requests.length / 2;

        var first =
                channel.writeOneInbound(Unpooled.directBuffer().writeBytes(requests, 0, middle));
        var second =
                channel.writeOneInbound(
                        Unpooled.directBuffer()
                                .writeBytes(requests, middle, requests.length - middle));
        assertThat(flushes.count).isZero();
        channel.flushInbound();
        assertThat(first.isSuccess() && second.isSuccess()).isTrue();

        assertThat(flushes.count).isEqualTo(1);
        ByteBuf replies = channel.readOutbound();
        assertThat(replies.readableBytes()).isGreaterThan(REQUESTS);
        replies.release();
        assertThat((ByteBuf) channel.readOutbound()).isNull();
        channel.finishAndReleaseAll();
    }
}
