package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.protocol.AuthRequest;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One connection that asks in a closed loop: sends a batch, waits for all its answers, sends the
 * next. Blocking; for one thread.
 */
final class Line implements AutoCloseable {
    /** What all keys begin with. */
    static final String PREFIX = "key:";

    private static final int BODY_BYTES_OFFSET = 12;
    private static final int SILENCE_MILLIS_MAX = 30_000;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BATCHES = 256;
    private static final int SETS = 64;

    private final Socket socket;
    private final DataInputStream in;
    private final byte[] header = new byte[ProtocolLimits.HEADER_BYTES];
    private final ByteBuf headerBuf = Unpooled.wrappedBuffer(header);
    private long answers;
    private long wrong;

    private Line(Socket socket) throws IOException {
        this.socket = socket;
        this.in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    /**
     * Connects and greets.
     *
     * @param tls null for none
     * @param token null for a server without users
     */
    static Line open(InetSocketAddress address, @Nullable SSLContext tls, @Nullable String token)
            throws IOException {
        Socket plain = new Socket(address.getAddress(), address.getPort());
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(SILENCE_MILLIS_MAX);
        Socket socket =
                tls == null
                        ? plain
                        : tls.getSocketFactory()
                                .createSocket(plain, "localhost", address.getPort(), true);
        Line line = new Line(socket);
        for (byte[] greeting : greetings(token)) {
            line.ask(greeting, 1);
        }
        line.requireRight("greeting");
        return line;
    }

    /** What a client says first, who has this token, or none. */
    static List<byte[]> greetings(@Nullable String token) {
        ByteBuf hello = Unpooled.buffer();
        HelloRequest.of("larder-bench-tls").write(hello);
        byte[] first = frame(Opcode.HELLO, 1, "", ByteBufUtil.getBytes(hello));
        if (token == null) {
            return List.of(first);
        }
        ByteBuf auth = Unpooled.buffer();
        new AuthRequest(AuthRequest.TOKEN, token.getBytes(StandardCharsets.US_ASCII)).write(auth);
        return List.of(first, frame(Opcode.AUTH, 2, "", ByteBufUtil.getBytes(auth)));
    }

    static byte[] frame(Opcode opcode, int id, String key, byte[] value) {
        ByteBuf out = Unpooled.buffer();
        out.writeZero(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putRequest(out, 0, opcode.code(), 0, id);
        byte[] keyBytes = key.getBytes(StandardCharsets.US_ASCII);
        FrameHeader.putLengths(out, 0, 0, keyBytes.length, value.length);
        out.writeBytes(keyBytes).writeBytes(value);
        return ByteBufUtil.getBytes(out);
    }

    private static String key(int index) {
        return String.format("%s%016d", PREFIX, index);
    }

    /** Stores so many keys. */
    void store(int keys, int valueBytes) throws IOException {
        int left = keys;
        for (byte[] batch : sets(keys, valueBytes)) {
            ask(batch, Math.min(left, SETS));
            left -= SETS;
        }
        requireRight("storing");
    }

    /** Batches of {@link #SETS} SETs, the last one perhaps of fewer, that store so many keys. */
    static List<byte[]> sets(int keys, int valueBytes) {
        List<byte[]> batches = new ArrayList<>();
        for (int from = 0; from < keys; from += SETS) {
            ByteBuf out = Unpooled.buffer();
            for (int i = from; i < Math.min(keys, from + SETS); i++) {
                out.writeBytes(frame(Opcode.SET, i, key(i), new byte[valueBytes]));
            }
            batches.add(ByteBufUtil.getBytes(out));
        }
        return batches;
    }

    /** Batches of GETs, to be sent one after the other. */
    static byte[][] gets(int keys, int depth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] batches = new byte[BATCHES][];
        for (int b = 0; b < BATCHES; b++) {
            ByteBuf out = Unpooled.buffer();
            for (int i = 0; i < depth; i++) {
                out.writeBytes(frame(Opcode.GET, i, key(random.nextInt(keys)), new byte[0]));
            }
            batches[b] = ByteBufUtil.getBytes(out);
        }
        return batches;
    }

    /** Sends one batch after the other until a time has come. */
    void run(byte[][] batches, int depth, long endNanos) throws IOException {
        for (int i = 0; System.nanoTime() - endNanos < 0; i++) {
            ask(batches[i % batches.length], depth);
        }
    }

    /** Sends requests, and waits for so many answers. */
    private void ask(byte[] requests, int count) throws IOException {
        socket.getOutputStream().write(requests);
        for (int i = 0; i < count; i++) {
            in.readFully(header);
            in.skipNBytes(ByteBuffer.wrap(header).getInt(BODY_BYTES_OFFSET));
            answers++;
            if (FrameHeader.status(headerBuf, 0) != Status.OK.code()) {
                wrong++;
            }
        }
    }

    private void requireRight(String what) {
        if (wrong > 0) {
            throw new BenchException(what + ": " + wrong + " answers not OK (expected: none)");
        }
        answers = 0;
    }

    /** Answers to what was asked by {@link #run}. */
    long answers() {
        return answers;
    }

    /** Of those the ones that were a miss or an error. */
    long wrong() {
        return wrong;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
