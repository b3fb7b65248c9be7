package io.larder.bench.proof;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lincheck on the store's heap twin, by the program that the server's tests bring, in a JVM of its
 * own. For one thread; blocks until it has ended.
 *
 * @param first of the seed's meetings to begin with, from 1
 * @param iterations random meetings of operations
 * @param invocations of each meeting
 * @param threads of each meeting
 * @param actors operations of each thread
 * @param seconds after which no further meeting begins; the first one always does
 * @param seed of the meetings
 */
record LincheckRun(
        int first,
        int iterations,
        int invocations,
        int threads,
        int actors,
        long seconds,
        long seed) {
    private static final String PROGRAM = "io.larder.server.store.LincheckProof";
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(60); // after its last output

    /** How meetings are interleaved. */
    enum Strategy {
        /** By Lincheck's model checker, which decides at each access who goes on. */
        model,
        /** By the threads of the machine. */
        stress
    }

    /**
     * What came of it.
     *
     * @param passed meetings that were linearizable in every invocation
     * @param isPassed whether all that began did
     * @param seconds it took
     */
    record Outcome(int passed, boolean isPassed, long seconds) {}

    /**
     * Runs it; what fails is told on standard error, with its interleaving.
     *
     * @throws BenchException if it cannot be run
     */
    Outcome run(Strategy strategy) {
        List<String> command =
                JavaCommand.of(PROGRAM, List.of("-Xmx1g", "-XX:+EnableDynamicAgentLoading"));
        command.addAll(
                List.of(
                        strategy.name(),
                        Integer.toString(first),
                        Integer.toString(iterations),
                        Integer.toString(invocations),
                        Integer.toString(threads),
                        Integer.toString(actors),
                        Long.toString(seconds),
                        Long.toString(seed)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        long startNanos = System.nanoTime();
        try (ChildProcess child = ChildProcess.start("lincheck", builder);
                BufferedReader reader = child.process().inputReader()) {
            String last = reader.lines().reduce("", (first, second) -> second);
            int exitCode = child.waitFor(EXIT_TIMEOUT);
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
            return new Outcome(Integer.parseInt(last.strip()), exitCode == 0, took);
        } catch (IOException | NumberFormatException e) {
            throw new BenchException("lincheck: did not say how it ended: " + e.getMessage(), e);
        }
    }
}
