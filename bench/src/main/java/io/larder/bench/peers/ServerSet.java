package io.larder.bench.peers;

import io.larder.bench.BenchException;
import io.larder.bench.PeerProgram;
import io.larder.bench.PeerServer;
import io.larder.bench.ReadyLine;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servers that are compared, one of each maker, with as many threads and as much memory each.
 * Closing it stops them. For one thread.
 */
final class ServerSet implements AutoCloseable {
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private final Map<Maker, Long> pids = new EnumMap<>(Maker.class);
    private final Map<Side, InetSocketAddress> addresses = new EnumMap<>(Side.class);
    private final Deque<AutoCloseable> processes = new ArrayDeque<>();

    private ServerSet() {}

    /**
     * How they are to be.
     *
     * @param makers whose
     * @param threads of each for its connections
     * @param memoryMebibytes for items; Redis is left without a bound
     * @param directory where programs are, beside the PATH
     * @param definitions for Larder, each key=value
     */
    record Spec(
            Set<Maker> makers,
            int threads,
            long memoryMebibytes,
            @Nullable Path directory,
            List<String> definitions) {}

    /**
     * Starts them.
     *
     * @throws BenchException if one is not there, and then what to install; or does not come up
     */
    static ServerSet start(Spec spec) {
        ServerSet set = new ServerSet();
        try {
            for (Maker maker : spec.makers()) {
                if (maker.kind().isPresent()) {
                    set.startPeer(maker, maker.kind().get(), spec);
                } else {
                    set.startLarder(spec);
                }
            }
            return set;
        } catch (RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private void startLarder(Spec spec) {
        List<String> definitions =
                new ArrayList<>(
                        List.of(
                                "listeners.memcached.port=0",
                                "listeners.resp.port=0",
                                "threads.event-loops=" + spec.threads(),
                                "store.memory=" + spec.memoryMebibytes() + "m"));
        definitions.addAll(spec.definitions());
        ServerProcess server = ServerProcess.open(definitions);
        processes.push(server);
        pids.put(Maker.LARDER, server.pid());
        ReadyLine ready = server.ready();
        addresses.put(Side.LARDER, ready.dataAddress());
        addresses.put(Side.LARDER_MEMCACHED, ready.address("memcached"));
        addresses.put(Side.LARDER_RESP, ready.address("resp"));
    }

    private void startPeer(Maker maker, PeerServer.Kind kind, Spec spec) {
        PeerServer server =
                PeerServer.start(
                        kind,
                        require(kind.program(), spec.directory()),
                        maker == Maker.MEMCACHED ? memcachedOptions(spec) : redisOptions(spec));
        processes.push(server);
        pids.put(maker, server.pid());
        addresses.put(maker == Maker.MEMCACHED ? Side.MEMCACHED : Side.REDIS, server.address());
    }

    /**
     * Looks for what is to be started.
     *
     * @throws BenchException if something is not there, and what to install
     */
    static void requirePrograms(Set<Maker> makers, @Nullable Path directory) {
        makers.forEach(maker -> maker.kind().ifPresent(kind -> require(kind.program(), directory)));
    }

    private static PeerProgram require(String name, @Nullable Path directory) {
        return PeerProgram.find(name, directory)
                .orElseThrow(
                        () ->
                                new BenchException(
                                        name
                                                + ": not there (expected: on the PATH or in"
                                                + " --servers; apt-get install "
                                                + name
                                                + ", or leave it out by --pairs)"));
    }

    private static List<String> memcachedOptions(Spec spec) {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("-t", spec.threads() + "", "-m", spec.memoryMebibytes() + ""));
        options.addAll(List.of("-c", "10000"));
        if (isHugePages()) {
            options.add("-L");
        }
        return options;
    }

    private static List<String> redisOptions(Spec spec) {
        return List.of("--io-threads", spec.threads() + "", "--maxclients", "10000");
    }

    /** True if the kernel gives huge pages to those that ask: Larder does, memcached shall. */
    static boolean isHugePages() {
        try {
            return !Files.readString(HUGE_PAGES).contains("[never]");
        } catch (IOException e) {
            return false;
        }
    }

    InetSocketAddress address(Side side) {
        InetSocketAddress address = addresses.get(side);
        if (address == null) {
            throw new BenchException(side.title() + ": not started");
        }
        return address;
    }

    long pid(Maker maker) {
        Long pid = pids.get(maker);
        if (pid == null) {
            throw new BenchException(maker.label() + ": not started");
        }
        return pid;
    }

    Collection<Long> pids() {
        return pids.values();
    }

    @Override
    public void close() {
        BenchException problem = null;
        for (AutoCloseable process : processes) {
            try {
                process.close();
            } catch (Exception e) {
                problem = new BenchException("server: " + e.getMessage(), e);
            }
        }
        if (problem != null) {
            throw problem;
        }
    }
}
