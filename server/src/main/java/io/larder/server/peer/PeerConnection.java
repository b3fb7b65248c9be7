package io.larder.server.peer;

import io.larder.protocol.ExportReply;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.MalformedMessageException;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.ScanRequest;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A connection to another server, one request at a time. One thread; {@link #close} by any. */
final class PeerConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int REPLY_MILLIS_MAX = 30_000;
    private static final int BODY_BYTES_MAX = 2 << 20;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final long bootId;
    private int requestId;

    /**
     * Connects and greets.
     *
     * @throws IOException if that fails within a few seconds
     */
    PeerConnection(InetSocketAddress peer) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_MILLIS_MAX);
            // Resolved anew for each connection.
            socket.connect(
                    new InetSocketAddress(peer.getHostString(), peer.getPort()),
                    CONNECT_MILLIS_MAX);
            in = new DataInputStream(socket.getInputStream());
            bootId = greet();
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private long greet() throws IOException {
        ByteBuf value = Unpooled.buffer();
        HelloRequest.of("larder-warm-up").write(value);
        ByteBuf reply = ask(Opcode.HELLO, 0, value);
        requireOk(reply);
        return readOf(reply, (at, length) -> HelloResponse.read(reply, at, length).bootId());
    }

    /** Another number after each start of the peer: cursors are void then. */
    long bootId() {
        return bootId;
    }

    /**
     * A piece of a region's items; null if the peer has no region of this id.
     *
     * @throws IOException if the peer refuses, or what it says is no reply
     */
    @Nullable ExportReply export(int regionId, long cursor) throws IOException {
        ByteBuf value = Unpooled.buffer();
        new ScanRequest(cursor, 0).write(value);
        ByteBuf reply = ask(Opcode.EXPORT, regionId, value);
        if (FrameHeader.status(reply, 0) == Status.UNKNOWN_REGION.code()) {
            return null;
        }
        requireOk(reply);
        return readOf(reply, (at, length) -> ExportReply.read(reply, at, length));
    }

    private interface Reader<T> {
        T read(int valueOffset, int valueBytes);
    }

    private static <T> T readOf(ByteBuf reply, Reader<T> reader) throws IOException {
        try {
            return reader.read(FrameHeader.valueOffset(reply, 0), FrameHeader.valueBytes(reply, 0));
        } catch (MalformedMessageException e) {
            throw new IOException("peer: " + e.getMessage(), e);
        }
    }

    private ByteBuf ask(Opcode opcode, int regionId, ByteBuf value) throws IOException {
        requestId++;
        ByteBuf request = Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putRequest(request, 0, opcode.code(), 0, requestId);
        FrameHeader.putLengths(request, 0, 0, 0, value.readableBytes());
        FrameHeader.putRegion(request, 0, regionId);
        request.writeBytes(value);
        request.readBytes(socket.getOutputStream(), request.readableBytes());
        byte[] header = new byte[ProtocolLimits.HEADER_BYTES];
        in.readFully(header);
        ByteBuf reply = Unpooled.buffer().writeBytes(header);
        long bodyBytes = FrameHeader.bodyBytes(reply, 0);
        if (FrameHeader.magic(reply, 0) != FrameHeader.MAGIC_RESPONSE
                || FrameHeader.requestId(reply, 0) != requestId) {
            throw new IOException("peer: no reply to request " + requestId + " (expected: that)");
        }
        if (bodyBytes > BODY_BYTES_MAX) {
            throw new IOException(
                    "peer: body of " + bodyBytes + " bytes (expected: 0.." + BODY_BYTES_MAX + ")");
        }
        byte[] body = new byte[(int) bodyBytes];
        in.readFully(body);
        reply.writeBytes(body);
        if (!FrameHeader.hasConsistentLengths(reply, 0)) {
            throw new IOException("peer: sections longer than the body (expected: within it)");
        }
        return reply;
    }

    private static void requireOk(ByteBuf reply) throws IOException {
        int status = FrameHeader.status(reply, 0);
        if (status != Status.OK.code()) {
            String text =
                    reply.toString(
                            ProtocolLimits.HEADER_BYTES,
                            reply.writerIndex() - ProtocolLimits.HEADER_BYTES,
                            StandardCharsets.UTF_8);
            throw new IOException(
                    "peer: status 0x"
                            + Integer.toHexString(status)
                            + ' '
                            + text.replaceAll("\\p{Cntrl}", "?")
                            + " (expected: OK)");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
