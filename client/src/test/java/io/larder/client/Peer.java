package io.larder.client;

import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The server's end of one connection in a test, in the hands of a script. One thread. */
final class Peer implements AutoCloseable {
    /** Which connection of the server it is, from 0. */
    final int number;

    final Socket socket;
    private final DataInputStream in;
    private final ConcurrentMap<String, byte[]> items = new ConcurrentHashMap<>();

    Peer(int number, Socket socket) throws IOException {
        this.number = number;
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** The next request; {@link java.io.EOFException} when the client has gone. */
    Frame read() throws IOException {
        byte[] header = new byte[ProtocolLimits.HEADER_BYTES];
        in.readFully(header);
        int bodyBytes = Unpooled.wrappedBuffer(header).getInt(12);
        byte[] frame = new byte[header.length + bodyBytes];
        System.arraycopy(header, 0, frame, 0, header.length);
        in.readFully(frame, header.length, bodyBytes);
        return new Frame(frame);
    }

    void write(byte[]... frames) throws IOException {
        socket.getOutputStream().write(Frame.concatenate(List.of(frames)));
    }

    void writeHex(String hex) throws IOException {
        write(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    /** Answers the greeting as a good server does. */
    Peer greet() throws IOException {
        return greet(HelloLimits.DEFAULT, 7);
    }

    Peer greet(HelloLimits limits, long bootId) throws IOException {
        write(read().greeting(limits, bootId));
        return this;
    }

    /** Answers the greeting as a good server does that offers these. */
    Peer greetWith(String... features) throws IOException {
        write(read().greeting(HelloLimits.DEFAULT, 7, features));
        return this;
    }

    /** Waits until the client has closed its end. */
    void awaitEnd() throws IOException {
        while (in.read() >= 0) {
            // whatever still comes
        }
    }

    /** Answers everything as a good, small server does, until the client closes. */
    void serve() throws IOException {
        while (true) {
            write(answer(read()));
        }
    }

    /** What a good server says to one request. */
    byte[] answer(Frame request) {
        Opcode opcode = Opcode.of(request.opcode());
        return switch (opcode) {
            case GET -> {
                byte[] value = items.get(request.keyText());
                yield value == null ? request.reply(Status.MISS) : request.reply(Status.OK, value);
            }
            case SET -> {
                items.put(request.keyText(), request.value());
                yield request.ok();
            }
            case BATCH -> {
                List<byte[]> replies = new ArrayList<>();
                request.batch().forEach(inner -> replies.add(answer(inner)));
                yield request.reply(Status.OK, Frame.concatenate(replies));
            }
            default -> request.ok();
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
