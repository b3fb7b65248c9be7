package io.larder.bench.client;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server that a contender talks to, started on a free port of the loopback, in memory only.
 * Closing it stops it. For one thread.
 */
final class PeerServer implements AutoCloseable {
    /** What there is. */
    enum Kind {
        LARDER("", ""),
        REDIS("redis-server", "redis-server"),
        MEMCACHED("memcached", "memcached");

        private final String program;
        private final String debianPackage;

        Kind(String program, String debianPackage) {
            this.program = program;
            this.debianPackage = debianPackage;
        }

        /** What to install to have it. */
        String debianPackage() {
            return debianPackage;
        }
    }

    private static final String HOST = "127.0.0.1";
    private static final long START_SECONDS_MAX = 20;
    private static final List<String> PLACES = List.of("", "bin", "usr/bin", "usr/sbin");

    private final AutoCloseable process;
    private final int port;

    private PeerServer(AutoCloseable process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Where a server's program is: in a directory, or below it as a package is unpacked, else on
     * the PATH. Larder needs none.
     */
    static Optional<Path> find(Kind kind, @Nullable Path directory) {
        List<Path> candidates = new ArrayList<>();
        if (directory != null) {
            PLACES.forEach(place -> candidates.add(directory.resolve(place)));
        }
        String path = System.getenv("PATH");
        Stream.of((path == null ? "" : path).split(File.pathSeparator, -1))
                .forEach(place -> candidates.add(Path.of(place)));
        return candidates.stream()
                .map(place -> place.resolve(kind.program))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst();
    }

    /** Starts Larder. */
    static PeerServer larder() {
        ServerProcess server = ServerProcess.open(List.of("store.memory=512m"));
        return new PeerServer(server, server.ready().dataAddress().getPort());
    }

    /**
     * Starts another one.
     *
     * @param program from {@link #find}
     * @param directory for libraries, if the program needs some that the system does not have
     */
    static PeerServer start(Kind kind, Path program, @Nullable Path directory) {
        int port = freePort();
        ProcessBuilder builder =
                new ProcessBuilder(command(kind, program, port))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (directory != null) {
            builder.environment().put("LD_LIBRARY_PATH", libraries(directory));
        }
        ChildProcess child = ChildProcess.start(kind.program, builder);
        try {
            awaitListening(kind, port);
            return new PeerServer(child, port);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static List<String> command(Kind kind, Path program, int port) {
        String path = program.toString();
        if (kind == Kind.REDIS) {
            return List.of(
                    path, "--bind", HOST, "--port", port + "", "--save", "", "--appendonly", "no");
        }
        String user = System.getProperty("user.name");
        return List.of(path, "-l", HOST, "-p", port + "", "-U", "0", "-m", "512", "-u", user);
    }

    private static String libraries(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(".so"))
                    .map(file -> String.valueOf(file.getParent()))
                    .distinct()
                    .reduce("", (all, one) -> all.isEmpty() ? one : all + ':' + one);
        } catch (IOException e) {
            throw new BenchException(directory + ": " + e.getMessage(), e);
        }
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

    String host() {
        return HOST;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (Exception e) {
            throw new BenchException("server: " + e.getMessage(), e);
        }
    }
}
