package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.bench.ServerProcess;
import io.larder.bench.wire.Processors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One way to reach a server: the server, and the connections to it. For one thread. */
final class CostSide implements AutoCloseable {
    private static final List<String> SIZE =
            List.of("store.memory=128m", "threads.event-loops=1", "limits.queueing-delay=0");

    private final String name;
    private final ServerProcess server;
    private final List<Line> lines = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    /**
     * One measurement.
     *
     * @param operationsPerSecond answers
     * @param serverMicros of the server's CPU for each
     */
    record Sample(double operationsPerSecond, double serverMicros) {}

    /**
     * How hard it is asked.
     *
     * @param connections each with a thread
     * @param depth requests of a batch
     * @param keys that are asked for
     * @param valueBytes of each
     */
    record Load(int connections, int depth, int keys, int valueBytes) {}

    private CostSide(String name, ServerProcess server) {
        this.name = name;
        this.server = server;
    }

    /** Starts the server, on its processor if there are two, fills it and connects. */
    static CostSide open(
            Optional<Processors> processors,
            String name,
            List<String> definitions,
            @Nullable SSLContext tls,
            @Nullable String token,
            Load load) {
        List<String> all = new ArrayList<>(SIZE);
        all.addAll(definitions);
        List<String> command = ServerProcess.command(Optional.empty(), all);
        CostSide side =
                new CostSide(
                        name,
                        ServerProcess.start(
                                processors.map(two -> two.onServer(command)).orElse(command)));
        try {
            for (int i = 0; i < load.connections(); i++) {
                side.lines.add(Line.open(side.server.ready().dataAddress(), tls, token));
            }
            side.lines.get(0).store(load.keys(), load.valueBytes());
            return side;
        } catch (IOException | RuntimeException e) {
            side.close();
            throw new BenchException(name + ": " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    List<Sample> samples() {
        return samples;
    }

    /** Asks for a while, and notes what that took, unless it was to warm up. */
    Sample run(Load load, long nanos, boolean isWarmUp) {
        long before = lines.stream().mapToLong(Line::answers).sum();
        long cpuBefore = server.usage().cpuMicros();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            byte[][] batches = Line.gets(load.keys(), load.depth(), i);
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    line.run(batches, load.depth(), begin + nanos);
                                } catch (IOException e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            join(thread);
        }
        if (!failures.isEmpty()) {
            throw new BenchException(name + ": " + failures.get(0), failures.get(0));
        }
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        long count = lines.stream().mapToLong(Line::answers).sum() - before;
        double cpu = server.usage().cpuMicros() - cpuBefore;
        Sample sample = new Sample(count / seconds, cpu / Math.max(1, count));
        if (!isWarmUp) {
            samples.add(sample);
        }
        return sample;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /** Answers that were a miss or an error. */
    long wrong() {
        return lines.stream().mapToLong(Line::wrong).sum();
    }

    @Override
    public void close() {
        for (Line line : lines) {
            try {
                line.close();
            } catch (IOException e) {
                throw new BenchException(name + ": " + e.getMessage(), e);
            }
        }
        server.close();
    }
}
