package io.larder.bench.hostile;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection that sends bytes as it is told, right or wrong, over a blocking socket. One thread.
 */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    RawConnection(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** One that has greeted. */
    static RawConnection greeted(InetSocketAddress address) throws IOException {
        RawConnection connection = new RawConnection(address);
        connection.send(hello());
        connection.status();
        return connection;
    }

    static byte[] hello() {
        ByteBuf frame = Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
        HelloRequest.of("hostile").write(frame);
        return end(frame, Opcode.HELLO, 1, 0);
    }

    static byte[] get(String key, int id) {
        return request(Opcode.GET, key, new byte[0], id);
    }

    static byte[] set(String key, byte[] value, int id) {
        return request(Opcode.SET, key, value, id);
    }

    private static byte[] request(Opcode opcode, String key, byte[] value, int id) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
        frame.writeBytes(keyBytes).writeBytes(value);
        return end(frame, opcode, id, keyBytes.length);
    }

    private static byte[] end(ByteBuf frame, Opcode opcode, int id, int keyBytes) {
        int valueBytes = frame.writerIndex() - ProtocolLimits.HEADER_BYTES - keyBytes;
        FrameHeader.putRequest(frame, 0, opcode.code(), 0, id);
        FrameHeader.putLengths(frame, 0, 0, keyBytes, valueBytes);
        return ByteBufUtil.getBytes(frame);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The code of the next reply's status, whose body is read and thrown away. */
    int status() throws IOException {
        byte[] header = new byte[ProtocolLimits.HEADER_BYTES];
        in.readFully(header);
        ByteBuf reply = Unpooled.wrappedBuffer(header);
        in.skipNBytes(FrameHeader.bodyBytes(reply, 0));
        return FrameHeader.status(reply, 0);
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
