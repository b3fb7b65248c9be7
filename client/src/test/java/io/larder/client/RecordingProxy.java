package io.larder.client;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.RecordedSession.Turn;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes one connection on to a server, and writes down its frames in the order they pass. */
final class RecordingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Turn> turns = new ArrayList<>(); // guarded by itself
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    RecordingProxy(int serverPort) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        start("record-client", () -> serve(serverPort));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What was said; waits until the client has closed its connection. */
    List<Turn> turns() {
        ended.join();
        synchronized (turns) {
            return List.copyOf(turns);
        }
    }

    private void serve(int serverPort) {
        try (Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start("record-server", () -> pass(server, client, false));
            pass(client, server, true);
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
    }

    private void pass(Socket from, Socket to, boolean isClient) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            while (true) {
                byte[] frame = readFrame(in);
                synchronized (turns) {
                    turns.add(new Turn(isClient, frame));
                }
                out.write(frame);
            }
        } catch (EOFException | SocketException e) {
            // one of them has closed
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
    }

    /** The next frame of a stream, whichever way it goes. */
    static byte[] readFrame(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
            throw new EOFException("stream: ended in or before a header");
        }
        int bodyBytes = (int) FrameHeader.bodyBytes(Unpooled.wrappedBuffer(header), 0);
        byte[] frame = Arrays.copyOf(header, HEADER_BYTES + bodyBytes);
        in.readFully(frame, HEADER_BYTES, bodyBytes);
        return frame;
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
