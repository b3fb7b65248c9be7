package io.larder.bench.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;

/** A protocol in which a key that is absent is asked for, again and again. */
enum GetProtocol {
    /** Larder's own. */
    LARDER("data") {
        @Override
        byte[] greeting() {
            return RawConnection.hello();
        }

        @Override
        byte[] request() {
            return RawConnection.get("absent", 0);
        }

        @Override
        int replyBytes(ByteBuf in) {
            int at = in.readerIndex();
            boolean isWhole =
                    in.readableBytes() >= ProtocolLimits.HEADER_BYTES
                            && in.readableBytes() >= FrameHeader.frameBytes(in, at);
            return isWhole ? (int) FrameHeader.frameBytes(in, at) : 0;
        }

        @Override
        boolean isBusy(ByteBuf in) {
            int status = FrameHeader.status(in, in.readerIndex());
            if (status != Status.MISS.code() && status != Status.BUSY.code()) {
                throw new BenchException("reply: " + Status.of(status) + NEITHER);
            }
            return status == Status.BUSY.code();
        }
    },
    /** memcached's text protocol. */
    MEMCACHED("memcached") {
        @Override
        byte[] request() {
            return "get absent\r\n".getBytes(US_ASCII);
        }

        @Override
        boolean isBusy(ByteBuf in) {
            return isBusy(in, "END\r\n", "SERVER_ERROR busy: ");
        }
    },
    /** Redis's, version 2. */
    RESP("resp") {
        @Override
        byte[] request() {
            return "*2\r\n$3\r\nGET\r\n$6\r\nabsent\r\n".getBytes(US_ASCII);
        }

        @Override
        boolean isBusy(ByteBuf in) {
            return isBusy(in, "$-1\r\n", "-BUSY ");
        }
    };

    private static final String NEITHER = " (expected: a miss, or that it is busy)";
    private static final byte[] NOTHING = {};

    private final String listener;

    GetProtocol(String listener) {
        this.listener = listener;
    }

    /** The listener that speaks it, as settings and the READY line name it. */
    String listener() {
        return listener;
    }

    /** What a connection begins with, which is answered by one reply; empty if with requests. */
    byte[] greeting() {
        return NOTHING;
    }

    /** A request; replies come in the order of requests. */
    abstract byte[] request();

    /** Bytes of the reply from the reader index on; 0 if it is not whole. */
    int replyBytes(ByteBuf in) {
        int newline = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        return newline < 0 ? 0 : newline + 1 - in.readerIndex();
    }

    /**
     * Whether the reply from the reader index on, which is whole, is a refusal.
     *
     * @throws BenchException if it is no miss either
     */
    abstract boolean isBusy(ByteBuf in);

    boolean isBusy(ByteBuf in, String miss, String busy) {
        String line = in.toString(in.readerIndex(), replyBytes(in), US_ASCII);
        boolean isRefused = line.startsWith(busy);
        if (!isRefused && !line.equals(miss)) {
            throw new BenchException("reply: " + line.strip() + NEITHER);
        }
        return isRefused;
    }

    @Override
    public String toString() {
        return this == LARDER ? "larder" : listener;
    }
}
