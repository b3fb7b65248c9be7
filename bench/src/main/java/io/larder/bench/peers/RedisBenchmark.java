package io.larder.bench.peers;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.PeerProgram;
import io.larder.bench.wire.CpuTimes;
import io.larder.bench.wire.WireItems;
import io.larder.bench.wire.WireSample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Redis's own load generator, as a second opinion: it asks for keys that this command has stored,
 * uniformly at random. It runs on the processors that this process is on. Immutable.
 *
 * @param program redis-benchmark
 */
record RedisBenchmark(PeerProgram program) {
    static final String PROGRAM = "redis-benchmark";

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String RANDOM_KEY = WireItems.KEY_PREFIX + "__rand_int__";
    private static final double MICROS_PER_MILLI = 1_000;

    // "test","rps","avg_latency_ms","min","p50","p95","p99","max", counted from the end
    private static final int FIELDS = 8;
    private static final int PER_SECOND = 7;
    private static final int MILLIS_P50 = 4;
    private static final int MILLIS_P99 = 2;

    /**
     * Gets keys.
     *
     * @param keys that are stored
     * @param requests in all
     * @throws BenchException if it fails, an error from the server included
     */
    WireSample get(
            InetSocketAddress server, long serverPid, Workload workload, int keys, long requests) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-h",
                                server.getAddress().getHostAddress(),
                                "-p",
                                server.getPort() + ""));
        arguments.addAll(List.of("-c", workload.crowd().active() + "", "-n", requests + ""));
        arguments.addAll(List.of("-P", workload.depth() + "", "-r", keys + ""));
        arguments.addAll(List.of("--csv", "--precision", "3", "GET", RANDOM_KEY));
        CpuTimes before = CpuTimes.now(serverPid);
        String output = run(arguments);
        CpuTimes used = CpuTimes.now(serverPid).minus(before);
        return parse(output, used, requests);
    }

    private String run(List<String> arguments) {
        ProcessBuilder builder = program.command(arguments).redirectErrorStream(true);
        try (ChildProcess child = ChildProcess.start(PROGRAM, builder)) {
            String output =
                    new String(
                            child.process().getInputStream().readAllBytes(),
                            StandardCharsets.UTF_8);
            if (child.waitFor(TIMEOUT) != 0) {
                throw new BenchException(PROGRAM + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new BenchException(PROGRAM + ": " + e.getMessage(), e);
        }
    }

    /** From its last line. CPU time is of all of it, its connections and its end included. */
    static WireSample parse(String output, CpuTimes used, long requests) {
        String last = output.strip().lines().reduce("", (first, second) -> second);
        String[] fields = last.split(",", -1);
        try {
            if (fields.length < FIELDS) {
                throw new NumberFormatException("fields: " + fields.length);
            }
            return new WireSample(
                    number(fields, PER_SECOND),
                    used.serverMicros() / requests,
                    used.percent(used.serverMicros()),
                    used.percent(used.clientMicros()),
                    Double.NaN,
                    number(fields, MILLIS_P50) * MICROS_PER_MILLI,
                    number(fields, MILLIS_P99) * MICROS_PER_MILLI,
                    Double.NaN,
                    OptionalDouble.empty());
        } catch (NumberFormatException e) {
            throw new BenchException(
                    PROGRAM + ": \"" + last + "\" (expected: eight fields of its --csv)", e);
        }
    }

    private static double number(String[] fields, int fromEnd) {
        return Double.parseDouble(fields[fields.length - fromEnd].replace("\"", ""));
    }
}
