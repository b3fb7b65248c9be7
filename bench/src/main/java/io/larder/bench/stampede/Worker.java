package io.larder.bench.stampede;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A process that loads, as the run sees it: lines in, lines out. One thread. */
final class Worker implements AutoCloseable {
    /** A load that only a kill ends. */
    static final int ENDLESS_MILLIS = 600_000;

    static final String READY = "READY";
    static final String REPORT = "REPORT";

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    /**
     * What a round came to in one process.
     *
     * @param loads by key
     * @param lastAtMillis when it got its last value, in Unix time
     */
    record Report(int values, long lastAtMillis, List<Integer> loads) {
        /** Reads {@code REPORT values lastAtMillis load,load,...}. */
        static Report parse(String line) {
            String[] words = line.split(" ", -1);
            return new Report(
                    Integer.parseInt(words[1]),
                    Long.parseLong(words[2]),
                    Arrays.stream(words[3].split(",", -1)).map(Integer::valueOf).toList());
        }
    }

    private final String name;
    private final ChildProcess child;
    private final BufferedReader output;
    private final PrintWriter input;
    private long lastValueAtMillis;

    private Worker(String name, ChildProcess child) {
        this.name = name;
        this.child = child;
        this.output = child.process().inputReader(StandardCharsets.UTF_8);
        this.input = new PrintWriter(child.process().outputWriter(StandardCharsets.UTF_8), true);
    }

    static Worker start(int number, String address) {
        List<String> command =
                JavaCommand.of(WorkerMain.class.getName(), List.of("-Xmx128m", "-XX:+UseSerialGC"));
        command.add(address);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        String name = "stampede-" + number;
        return new Worker(name, ChildProcess.start(name, builder));
    }

    void awaitReady() {
        String line = readLine();
        if (!line.equals(READY)) {
            throw new BenchException(name + ": " + line + " (expected: " + READY + ")");
        }
    }

    /**
     * Begins a round.
     *
     * @param mode leases or plain
     * @param keysPerThread how many of the keys each thread asks for, from its own number on
     */
    void tell(
            String mode,
            String prefix,
            int threads,
            int keys,
            int loaderMillis,
            int keysPerThread) {
        input.println(
                String.join(
                        " ",
                        mode,
                        prefix,
                        String.valueOf(threads),
                        String.valueOf(keys),
                        String.valueOf(loaderMillis),
                        String.valueOf(keysPerThread)));
    }

    /** Locking: blocks until the round is over. */
    Report awaitReport() {
        String line = readLine();
        if (!line.startsWith(REPORT)) {
            throw new BenchException(name + ": " + line);
        }
        Report report = Report.parse(line);
        lastValueAtMillis = report.lastAtMillis();
        return report;
    }

    long lastValueAtMillis() {
        return lastValueAtMillis;
    }

    private String readLine() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new BenchException(name + ": ended by itself");
            }
            return line;
        } catch (IOException e) {
            throw new BenchException(name + ": " + e.getMessage(), e);
        }
    }

    /** Kills it as {@code kill -9} does. */
    void kill() {
        child.process().destroyForcibly();
        child.waitFor(KILL_TIMEOUT);
    }

    @Override
    public void close() {
        child.close();
    }
}
