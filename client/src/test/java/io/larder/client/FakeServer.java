package io.larder.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server whose every byte is scripted, on a real socket of the loopback: for the answers that a
 * good server never gives. Each connection runs the script on a thread of its own and is closed
 * after it.
 */
final class FakeServer implements AutoCloseable {
    /** What happens on a connection. */
    @FunctionalInterface
    interface Script {
        /** Ends when it likes; an {@link IOException} is how a client's close is seen. */
        void run(Peer peer) throws Exception;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> scriptFailures = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    FakeServer(Script script) throws IOException {
        this(0, script);
    }

    FakeServer(int port, Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        startDaemon("fake-server-accept", this::accept);
    }

    /** The first connection runs one script, the later ones serve well. */
    static FakeServer firstThenGood(Script first) throws IOException {
        return new FakeServer(
                peer -> {
                    if (peer.number == 0) {
                        first.run(peer);
                    } else {
                        peer.greet().serve();
                    }
                });
    }

    int port() {
        return listener.getLocalPort();
    }

    String uri() {
        return "larder://127.0.0.1:" + port();
    }

    /** How many connections there have been. */
    int connections() {
        return connections.get();
    }

    /** Assertions that failed inside the script. */
    List<Throwable> scriptFailures() {
        return scriptFailures;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Peer peer = new Peer(connections.getAndIncrement(), socket);
                startDaemon("fake-server-" + peer.number, () -> run(peer));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void run(Peer peer) {
        try (peer) {
            script.run(peer);
        } catch (IOException | InterruptedException e) {
            // the client has closed, or the test has ended
        } catch (Throwable e) {
            scriptFailures.add(e);
        }
    }

    private static void startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
