package io.larder.bench.overflow;

import io.larder.bench.BenchException;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server with or without a disk tier, whose files go with it, and a client of it. One thread. */
final class OverflowServer implements AutoCloseable {
    /** What the tier may take of memory: what a configuration must give it at least. */
    static final int TIER_MEMORY_MIB = 8;

    private final Path directory;
    private final ServerProcess server;
    private final Larder larder;

    private OverflowServer(Path directory, ServerProcess server, Larder larder) {
        this.directory = directory;
        this.server = server;
        this.larder = larder;
    }

    /**
     * Starts one.
     *
     * @param diskMib of the tier; 0 for none
     */
    static OverflowServer start(int memoryMib, int diskMib) throws IOException {
        Path directory = Files.createTempDirectory("larder-overflow");
        List<String> settings = new ArrayList<>(List.of("store.memory=" + memoryMib + "m"));
        if (diskMib > 0) {
            settings.add("tier.rocksdb.path=" + directory.resolve("tier"));
            settings.add("tier.rocksdb.max-bytes=" + diskMib + "m");
            settings.add("tier.rocksdb.memory=" + TIER_MEMORY_MIB + "m");
        }
        ServerProcess server = ServerProcess.open(settings);
        try {
            Larder larder =
                    Larder.builder("larder://" + server.ready().data())
                            .requestTimeout(Duration.ofSeconds(30))
                            .connect();
            return new OverflowServer(directory, server, larder);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    Larder larder() {
        return larder;
    }

    /** One of the server's figures. */
    long stat(String name) {
        String text = larder.stats().get(name);
        if (text == null) {
            throw new BenchException("stats: no " + name + " (expected: one)");
        }
        return Long.parseLong(text);
    }

    /** Ends it; it must end well. */
    void stop() {
        larder.close();
        server.stop();
    }

    @Override
    public void close() {
        larder.close();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
