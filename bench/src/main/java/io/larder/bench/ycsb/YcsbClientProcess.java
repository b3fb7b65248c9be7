package io.larder.bench.ycsb;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.JavaCommand;
import io.larder.bench.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * YCSB's own client ({@code site.ycsb.Client}), run once, in a JVM of its own because it ends its
 * JVM by {@code System.exit}, with 0 whatever happened. What it says on standard error (its status
 * every few seconds) goes to this process's.
 */
final class YcsbClientProcess {
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(60); // after its last output
    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g", "-XX:+UseParallelGC");

    private YcsbClientProcess() {}

    /** Which phase of a workload. */
    enum Phase {
        /** Inserts the records. */
        LOAD("-load"),
        /** Runs the operations. */
        RUN("-t");

        private final String option;

        Phase(String option) {
            this.option = option;
        }
    }

    /**
     * Runs one phase to its end. Locking: blocks as long as that takes.
     *
     * @param workload YCSB's property file
     * @param properties what overrides it
     * @param output receives each line of standard output as it comes
     * @return all those lines
     */
    static List<String> run(
            Phase phase, Path workload, Map<String, String> properties, Consumer<String> output) {
        List<String> command = JavaCommand.of("site.ycsb.Client", JVM_OPTIONS);
        command.add(phase.option);
        command.addAll(List.of("-s", "-db", LarderYcsbClient.class.getName()));
        command.addAll(List.of("-P", workload.toString()));
        properties.forEach((key, value) -> command.addAll(List.of("-p", key + "=" + value)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        try (ChildProcess child = ChildProcess.start("ycsb", builder)) {
            List<String> lines = readLines(child, output);
            int exitCode = child.waitFor(EXIT_TIMEOUT);
            if (exitCode != 0) {
                throw new BenchException("ycsb " + phase + ": exit code " + exitCode);
            }
            return lines;
        }
    }

    private static List<String> readLines(ChildProcess child, Consumer<String> output) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = child.process().inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                output.accept(line);
            }
        } catch (IOException e) {
            Progress.say("ycsb: output lost: %s", e.getMessage());
        }
        return lines;
    }
}
