package io.larder.bench.linearizable;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.IncrementReply;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks raw frames over a blocking socket, so that nothing retries or waits on
 * its own, and bytes can be held back. For one thread.
 */
final class ClientConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int REQUEST_BYTES_MAX = 256;
    private static final int HELLO_TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final byte[] in = new byte[BUFFER_BYTES];
    private final ByteBuf replies = Unpooled.wrappedBuffer(in);
    private final ByteBuf requests = Unpooled.buffer(BUFFER_BYTES);
    private final Extensions extensions = new Extensions();
    private int position; // of the first byte not yet taken, in `in`
    private int limit; // of the bytes read
    private int timeoutMillis;

    private ClientConnection(Socket socket) {
        this.socket = socket;
    }

    /**
     * Connects and greets. Locking: blocks until the server has answered.
     *
     * @throws IOException if it does not, or does not answer well
     */
    static ClientConnection open(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address);
            ClientConnection connection = new ClientConnection(socket);
            connection.greet();
            return connection;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        requests.writerIndex(HEADER_BYTES);
        HelloRequest.of("larder-bench-linearizable", List.of("leases")).write(requests);
        FrameHeader.putRequest(requests, 0, Opcode.HELLO.code(), 0, -1);
        FrameHeader.putLengths(requests, 0, 0, 0, requests.writerIndex() - HEADER_BYTES);
        send(pendingBytes());
        int offset = awaitFrame(HELLO_TIMEOUT_MILLIS);
        if (offset < 0 || !Status.isOk(FrameHeader.status(replies, offset))) {
            throw new IOException("HELLO: not answered OK");
        }
    }

    /** Puts a request behind those not yet sent. */
    void add(int id, Asked asked, int deadlineMillis) {
        int offset = requests.writerIndex();
        requests.ensureWritable(REQUEST_BYTES_MAX);
        requests.writerIndex(offset + HEADER_BYTES);
        writeExtensions(asked);
        int extensionBytes = requests.writerIndex() - offset - HEADER_BYTES;
        requests.writeBytes(asked.key().getBytes(US_ASCII));
        int keyBytes = asked.key().length();
        writeValue(asked);
        int valueBytes = requests.writerIndex() - offset - HEADER_BYTES - extensionBytes - keyBytes;
        FrameHeader.putRequest(requests, offset, opcode(asked).code(), flags(asked), id);
        FrameHeader.putLengths(requests, offset, extensionBytes, keyBytes, valueBytes);
        FrameHeader.putDeadline(requests, offset, deadlineMillis);
    }

    private static Opcode opcode(Asked asked) {
        return switch (asked.action()) {
            case GET, LEASE -> Opcode.GET;
            case SET, ADD, COMPARE_AND_SET, FILL -> Opcode.SET;
            case RELEASE -> Opcode.RELEASE;
            case INCREMENT, COUNT -> Opcode.INCREMENT;
            case DELETE -> Opcode.DELETE;
            case TOUCH -> Opcode.TOUCH;
        };
    }

    private static int flags(Asked asked) {
        return switch (asked.action()) {
            case GET, SET, FILL, INCREMENT, COUNT, TOUCH -> RequestFlag.RETURN_META;
            case LEASE -> RequestFlag.RETURN_META | RequestFlag.LEASE_ON_MISS;
            case ADD -> RequestFlag.RETURN_META | RequestFlag.ONLY_ABSENT;
            case COMPARE_AND_SET -> RequestFlag.RETURN_META | RequestFlag.IF_VERSION;
            case RELEASE, DELETE -> 0;
        };
    }

    private void writeExtensions(Asked asked) {
        switch (asked.action()) {
            case LEASE -> {
                if (asked.waitMillis() > 0) {
                    Extensions.writeInt(requests, ExtensionType.WAIT_MILLIS, asked.waitMillis());
                }
            }
            case COMPARE_AND_SET ->
                    Extensions.writeLong(requests, ExtensionType.VERSION, asked.expected());
            case FILL, RELEASE ->
                    Extensions.writeLong(requests, ExtensionType.LEASE_TOKEN, asked.expected());
            case INCREMENT -> Extensions.writeLong(requests, ExtensionType.DELTA, asked.argument());
            case COUNT -> {
                Extensions.writeLong(requests, ExtensionType.DELTA, asked.argument());
                Extensions.writeLong(requests, ExtensionType.INITIAL, 0);
            }
            case GET, SET, ADD, DELETE, TOUCH -> {}
        }
    }

    private void writeValue(Asked asked) {
        switch (asked.action()) {
            case SET, ADD, COMPARE_AND_SET, FILL ->
                    requests.writeBytes(Long.toString(asked.argument()).getBytes(US_ASCII));
            default -> {}
        }
    }

    /** Bytes that are not sent yet. */
    int pendingBytes() {
        return requests.readableBytes();
    }

    /**
     * Sends so many of the bytes that are not sent yet. Locking: blocks while the socket is full.
     */
    void send(int bytes) throws IOException {
        requests.readBytes(socket.getOutputStream(), bytes);
        if (!requests.isReadable()) {
            requests.clear();
        }
    }

    /**
     * The next reply; null if none has come in time.
     *
     * @throws IOException if the connection is gone
     */
    @Nullable Reply receive(int patienceMillis) throws IOException {
        int offset = awaitFrame(patienceMillis);
        if (offset < 0) {
            return null;
        }
        Status status = Status.of(FrameHeader.status(replies, offset));
        if (status == null) {
            throw new BenchException("status: " + FrameHeader.status(replies, offset));
        }
        return new Reply(
                FrameHeader.requestId(replies, offset), status, number(offset), version(offset));
    }

    private int awaitFrame(int patienceMillis) throws IOException {
        if (patienceMillis != timeoutMillis) {
            timeoutMillis = patienceMillis;
            socket.setSoTimeout(patienceMillis);
        }
        while (!isFrameThere()) {
            if (!read()) {
                return -1;
            }
        }
        int offset = position;
        position += (int) FrameHeader.frameBytes(replies, offset);
        return offset;
    }

    private boolean isFrameThere() {
        return limit - position >= HEADER_BYTES
                && limit - position >= FrameHeader.frameBytes(replies, position);
    }

    /** Reads some more; false if nothing has come in time. */
    private boolean read() throws IOException {
        System.arraycopy(in, position, in, 0, limit - position);
        limit -= position;
        position = 0;
        try {
            int count = socket.getInputStream().read(in, limit, in.length - limit);
            if (count <= 0) {
                throw new EOFException("connection: closed by the server");
            }
            limit += count;
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** The value as a number: eight bytes from INCREMENT, else decimal text. */
    private long number(int offset) {
        int bytes = FrameHeader.valueBytes(replies, offset);
        int start = FrameHeader.valueOffset(replies, offset);
        int status = FrameHeader.status(replies, offset);
        if (bytes == 0 || !Status.isOk(status)) {
            return 0;
        }
        return FrameHeader.opcode(replies, offset) == Opcode.INCREMENT.code()
                ? IncrementReply.read(replies, start, bytes)
                : Long.parseLong(new String(in, start, bytes, US_ASCII));
    }

    private long version(int offset) {
        int bytes = FrameHeader.extensionBytes(replies, offset);
        extensions.wrap(replies, FrameHeader.extensionOffset(offset), bytes);
        while (extensions.next() == Extensions.Step.ENTRY) {
            switch (extensions.type()) {
                case VERSION, LEASE -> {
                    return extensions.longValue();
                }
                default -> {}
            }
        }
        return 0;
    }

    /** Ends it as a crash would: a reset, whatever is under way. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
