package io.larder.server.net;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A client that knows bytes only, over a blocking socket. Fails after a while without an answer.
 */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** Connects, and says nothing yet. */
    RawClient(int port) throws IOException {
        this(port, 64 << 10);
    }

    RawClient(int port, int receiveBufferBytes) throws IOException {
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and says HELLO, naming these features. */
    public static RawClient greeted(int port, String... features) throws IOException {
        RawClient client = new RawClient(port);
        client.ask(RequestFrame.hello(features));
        return client;
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
    }

    /** Sends a request and returns the next reply. */
    public ReplyFrame ask(RequestFrame request) throws IOException {
        send(request.bytes());
        return reply();
    }

    /** Waits for the next reply. */
    ReplyFrame reply() throws IOException {
        return ReplyFrame.all(replyBytes()).get(0);
    }

    /** Waits for the bytes of the next reply. */
    public byte[] replyBytes() throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        in.readFully(header);
        int bodyBytes = ByteBuffer.wrap(header).getInt(12);
        byte[] frame = Arrays.copyOf(header, HEADER_BYTES + bodyBytes);
        in.readFully(frame, HEADER_BYTES, bodyBytes);
        return frame;
    }

    /** Waits for all there is until the server closes in good order. */
    List<ReplyFrame> untilClosed() throws IOException {
        return ReplyFrame.all(in.readAllBytes());
    }

    /** Waits until the server has closed, in good order or not. */
    public boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Closes without a word: a reset, if {@code abruptly}. */
    void vanish(boolean abruptly) throws IOException {
        if (abruptly) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
