package io.larder.bench.fuzz;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listener of a server, over a connection for each input, behind which the connection's end
 * comes: within a second all has to be answered, and the connection be closed. Now and then
 * somebody who means well is asked whether he is served.
 */
final class WireTarget implements FuzzTarget {
    /** What may come back. */
    enum Replies {
        /** Frames of known statuses, of which the last may be cut off by the end. */
        FRAMES,
        /** Anything. */
        ANY
    }

    private static final int END_MILLIS_MAX = 1_000;
    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int REPLY_BYTES = 8 << 10;
    private static final int REPLIES_BYTES_MAX = 64 << 20;
    private static final int INPUTS_PER_BYSTANDER = 16;

    private final String name;
    private final InetSocketAddress address;
    private final List<byte[]> seeds;
    private final byte[] greeting;
    private final Replies replies;
    private final Consumer<Integer> bystander;
    private int inputs;

    /**
     * @param greeting goes before each input
     * @param bystander asks, and throws if that is not answered as it ought to be
     */
    WireTarget(
            String name,
            InetSocketAddress address,
            List<byte[]> seeds,
            byte[] greeting,
            Replies replies,
            Consumer<Integer> bystander) {
        this.name = name;
        this.address = address;
        this.seeds = seeds;
        this.greeting = greeting;
        this.replies = replies;
        this.bystander = bystander;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }

    @Override
    public void take(byte[] input) throws IOException {
        byte[] answered = converse(input);
        if (replies == Replies.FRAMES) {
            requireFrames(answered);
        }
        if (++inputs % INPUTS_PER_BYSTANDER == 0) {
            bystander.accept(inputs);
        }
    }

    /** Sends it, in two parts, and the end; what came back until the server closed, too. */
    private byte[] converse(byte[] input) throws IOException {
        ByteArrayOutputStream answered = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(address, CONNECT_MILLIS_MAX);
            try {
                socket.getOutputStream().write(greeting);
                int cut = input.length / 2;
                socket.getOutputStream().write(input, 0, cut);
                socket.getOutputStream().write(input, cut, input.length - cut);
                socket.shutdownOutput();
                awaitEnd(socket, answered);
            } catch (SocketTimeoutException silence) {
                throw silence;
            } catch (IOException reset) {
                // closed before all was sent, or read: as good an end as any
                return new byte[0];
            }
        }
        return answered.toByteArray();
    }

    private static void awaitEnd(Socket socket, ByteArrayOutputStream answered) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[REPLY_BYTES];
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS_MAX);
        while (true) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis <= 0) {
                throw new SocketTimeoutException("not closed after " + END_MILLIS_MAX + " ms");
            }
            socket.setSoTimeout((int) leftMillis);
            int count = in.read(bytes);
            if (count < 0) {
                return;
            }
            answered.write(bytes, 0, count);
            if (answered.size() > REPLIES_BYTES_MAX) {
                throw new IllegalStateException("more than " + REPLIES_BYTES_MAX + " bytes came");
            }
        }
    }

    private static void requireFrames(byte[] answered) {
        ByteBuf in = Unpooled.wrappedBuffer(answered);
        while (in.readableBytes() >= ProtocolLimits.HEADER_BYTES) {
            int at = in.readerIndex();
            int magic = FrameHeader.magic(in, at);
            boolean isKnown =
                    magic == FrameHeader.MAGIC_PUSH
                            || (magic == FrameHeader.MAGIC_RESPONSE
                                    && Status.of(FrameHeader.status(in, at)) != null);
            long bytes = FrameHeader.frameBytes(in, at);
            if (!isKnown || !FrameHeader.hasConsistentLengths(in, at)) {
                throw new IllegalStateException("a reply that is none, at byte " + at);
            }
            if (bytes > in.readableBytes()) {
                return; // the end came while it was sent
            }
            in.skipBytes((int) bytes);
        }
    }
}
