package io.larder.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server of another make to compare with, started on a free port of the loopback, in memory only.
 * Closing it stops it. For one thread.
 */
public final class PeerServer implements AutoCloseable {
    /** What there is. */
    public enum Kind {
        /** Redis, without a bound on its memory. */
        REDIS("redis-server"),
        /** memcached, with its default of 64 MiB unless it is told otherwise. */
        MEMCACHED("memcached");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        /** The program's name, which is its Debian package's too. */
        public String program() {
            return program;
        }
    }

    private static final String HOST = "127.0.0.1";
    private static final long START_SECONDS_MAX = 20;

    private final ChildProcess process;
    private final int port;

    private PeerServer(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param program of this kind
     * @param arguments beside those that have it listen on a port of the loopback and keep nothing
     * @throws BenchException if it does not come up
     */
    public static PeerServer start(Kind kind, PeerProgram program, List<String> arguments) {
        int port = freePort();
        List<String> all = new ArrayList<>(arguments(kind, port));
        all.addAll(arguments);
        ProcessBuilder builder =
                program.command(all)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        ChildProcess child = ChildProcess.start(kind.program, builder);
        try {
            awaitListening(kind, port);
            return new PeerServer(child, port);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static List<String> arguments(Kind kind, int port) {
        return switch (kind) {
            case REDIS ->
                    List.of(
                            "--bind",
                            HOST,
                            "--port",
                            port + "",
                            "--save",
                            "",
                            "--appendonly",
                            "no");
            case MEMCACHED ->
                    List.of(
                            "-l",
                            HOST,
                            "-p",
                            port + "",
                            "-U",
                            "0",
                            "-u",
                            System.getProperty("user.name"));
        };
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port: " + e.getMessage(), e);
        }
    }

    private static void awaitListening(Kind kind, int port) {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() - endNanos < 0) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new BenchException(
                kind.program + ": does not listen after " + START_SECONDS_MAX + " s");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while a server started", e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The process's id. */
    public long pid() {
        return process.process().pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
