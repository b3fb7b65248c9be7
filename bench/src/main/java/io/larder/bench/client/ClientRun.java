package io.larder.bench.client;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.PeerProgram;
import io.larder.bench.PeerServer;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code bench client}: starts the servers that are there, a JVM for each contender, and
 * measures all of them in turn, round after round, so that a change of the machine's speed meets
 * all alike. For one thread.
 */
final class ClientRun implements AutoCloseable {
    /** Of the slowest contender's speed in a closed loop; what all are asked in the open one. */
    private static final double OPEN_SHARE = 0.6;

    private static final long PROBE_MILLIS = 1_000;
    private static final int DECIMALS = 2;
    private static final int MEMORY_MIB = 512; // of each server that has a bound

    /**
     * What to measure.
     *
     * @param seconds of each measurement
     * @param rounds of which the medians count
     * @param warmupSeconds of each contender and scenario
     * @param keys that are stored
     * @param valueBytes of each
     * @param servers where the servers' programs are, beside the PATH
     * @param scenarios at least one
     */
    record Plan(
            int seconds,
            int rounds,
            int warmupSeconds,
            int keys,
            int valueBytes,
            @Nullable Path servers,
            List<Scenario> scenarios) {}

    /** The rounds of one contender in one scenario. */
    private record Rounds(List<Sample> closed, List<Sample> open) {
        Rounds() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        Median median(ToDoubleFunction<Sample> figure) {
            return Median.of(closed.stream().mapToDouble(figure).boxed().toList());
        }

        double openMedian(ToDoubleFunction<Sample> figure) {
            return Median.of(open.stream().mapToDouble(figure).boxed().toList()).value();
        }
    }

    private final Plan plan;
    private final PrintWriter out;
    private final Deque<AutoCloseable> processes = new ArrayDeque<>();
    private final Map<Optional<PeerServer.Kind>, InetSocketAddress> servers = new HashMap<>();
    private final Map<ContenderKind, ContenderProcess> contenders =
            new EnumMap<>(ContenderKind.class);
    private long calls;
    private long wrong;

    ClientRun(Plan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isRight true if every answer was
     */
    record Outcome(ResultLine result, boolean isRight) {}

    /** Measures, and prints a line for each contender in each scenario. */
    Outcome run() {
        for (ContenderKind kind : ContenderKind.values()) {
            startContender(kind);
        }
        ResultLine result = ResultLine.of("client");
        for (Scenario scenario : plan.scenarios()) {
            measure(scenario, result);
        }
        result.put("contenders", contenders.size())
                .put("calls", calls)
                .put("wrong", wrong)
                .put("rounds", plan.rounds())
                .put("seconds", plan.seconds())
                .put("keys", plan.keys())
                .put("value_bytes", plan.valueBytes());
        return new Outcome(result, wrong == 0);
    }

    private void startContender(ContenderKind kind) {
        InetSocketAddress server = servers.get(kind.server());
        if (server == null) {
            server = startServer(kind.server());
        }
        if (server == null) {
            Progress.say(
                    "client: no %s: its server is not there (apt-get install %s, or --servers)",
                    kind.label(), kind.server().map(PeerServer.Kind::program).orElse("larder"));
            return;
        }
        servers.put(kind.server(), server);
        Progress.say("client: %s stores %,d values", kind.label(), plan.keys());
        ContenderProcess contender =
                ContenderProcess.start(kind, server, plan.keys(), plan.valueBytes());
        processes.push(contender);
        contenders.put(kind, contender);
    }

    private @Nullable InetSocketAddress startServer(Optional<PeerServer.Kind> kind) {
        if (kind.isEmpty()) {
            ServerProcess server = ServerProcess.open(List.of("store.memory=" + MEMORY_MIB + "m"));
            processes.push(server);
            return server.ready().dataAddress();
        }
        Optional<PeerProgram> program = PeerProgram.find(kind.get().program(), plan.servers());
        if (program.isEmpty()) {
            return null;
        }
        List<String> arguments =
                kind.get() == PeerServer.Kind.MEMCACHED
                        ? List.of("-m", MEMORY_MIB + "")
                        : List.of();
        PeerServer server = PeerServer.start(kind.get(), program.get(), arguments);
        processes.push(server);
        return server.address();
    }

    private void measure(Scenario scenario, ResultLine result) {
        Map<ContenderKind, Rounds> rounds = new EnumMap<>(ContenderKind.class);
        double slowest = Double.MAX_VALUE;
        for (Map.Entry<ContenderKind, ContenderProcess> entry : contenders.entrySet()) {
            rounds.put(entry.getKey(), new Rounds());
            long warmUpMillis = TimeUnit.SECONDS.toMillis(plan.warmupSeconds());
            entry.getValue().measure(scenario, warmUpMillis, 0);
            Sample probe = entry.getValue().measure(scenario, PROBE_MILLIS, 0);
            slowest = Math.min(slowest, probe.callsPerSecond());
        }
        double callsPerSecond = slowest * OPEN_SHARE;
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Map.Entry<ContenderKind, Rounds> entry : rounds.entrySet()) {
                measure(scenario, round, entry.getKey(), callsPerSecond, entry.getValue());
            }
        }
        rounds.forEach((kind, measured) -> out.println(point(scenario, kind, measured)));
        out.flush();
        compare(scenario, rounds, callsPerSecond, result);
    }

    private void measure(
            Scenario scenario, int round, ContenderKind kind, double callsPerSecond, Rounds into) {
        ContenderProcess contender = contenders.get(kind);
        if (contender == null) {
            throw new BenchException(kind.label() + ": not started");
        }
        long millis = TimeUnit.SECONDS.toMillis(plan.seconds());
        Sample closed = contender.measure(scenario, millis, 0);
        Sample open = contender.measure(scenario, millis, callsPerSecond);
        into.closed().add(closed);
        into.open().add(open);
        calls += closed.calls() + open.calls();
        wrong += closed.wrong() + open.wrong();
        Progress.say(
                "client: %s, round %d, %s: %,.0f calls/s, %.2f CPU µs; at %,.0f/s p50 %.0f µs, p99"
                        + " %.0f, p99.9 %.0f",
                scenario.label(),
                round,
                kind.label(),
                closed.callsPerSecond(),
                closed.cpuMicros(),
                callsPerSecond,
                open.microsP50(),
                open.microsP99(),
                open.microsP999());
    }

    private static ResultLine point(Scenario scenario, ContenderKind kind, Rounds rounds) {
        Median speed = rounds.median(Sample::callsPerSecond);
        Median cpu = rounds.median(Sample::cpuMicros);
        return ResultLine.point("client")
                .put("scenario", scenario.label())
                .put("contender", kind.label())
                .put("calls_per_second", speed.value(), 0)
                .put("calls_per_second_spread_percent", speed.spreadPercent(), 0)
                .put("client_cpu_micros_per_call", cpu.value(), DECIMALS)
                .put("client_cpu_spread_percent", cpu.spreadPercent(), 0)
                .put("open_calls_per_second", rounds.openMedian(Sample::callsPerSecond), 0)
                .put("p50_micros", rounds.openMedian(Sample::microsP50), 0)
                .put("p99_micros", rounds.openMedian(Sample::microsP99), 0)
                .put("p999_micros", rounds.openMedian(Sample::microsP999), 0);
    }

    /** Larder beside the fastest of the others. */
    private static void compare(
            Scenario scenario,
            Map<ContenderKind, Rounds> rounds,
            double openCallsPerSecond,
            ResultLine result) {
        String label = scenario.label();
        result.put(label + "_open_calls_per_second", openCallsPerSecond, 0);
        ContenderKind best = null;
        for (ContenderKind kind : rounds.keySet()) {
            if (kind != ContenderKind.LARDER
                    && (best == null || speed(rounds, kind) > speed(rounds, best))) {
                best = kind;
            }
        }
        double own = speed(rounds, ContenderKind.LARDER);
        result.put(label + "_calls_per_second", own, 0)
                .put(label + "_cpu_micros", cpu(rounds, ContenderKind.LARDER), DECIMALS);
        if (best != null) {
            result.put(label + "_best_other", best.label())
                    .put(label + "_ratio", own / speed(rounds, best), DECIMALS)
                    .put(
                            label + "_cpu_ratio",
                            cpu(rounds, ContenderKind.LARDER) / cpu(rounds, best),
                            DECIMALS);
        }
    }

    private static double speed(Map<ContenderKind, Rounds> rounds, ContenderKind kind) {
        return rounds.getOrDefault(kind, new Rounds()).median(Sample::callsPerSecond).value();
    }

    private static double cpu(Map<ContenderKind, Rounds> rounds, ContenderKind kind) {
        return rounds.getOrDefault(kind, new Rounds()).median(Sample::cpuMicros).value();
    }

    /** Stops all it has started, the last one first. */
    @Override
    public void close() {
        for (AutoCloseable process : processes) {
            try {
                process.close();
            } catch (Exception e) {
                Progress.say("client: %s", e.getMessage());
            }
        }
    }
}
