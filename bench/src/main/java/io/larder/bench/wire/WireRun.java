package io.larder.bench.wire;

import io.larder.bench.LarderHome;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.bench.wire.KeySequence.Distribution;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code bench wire}: starts a server, loads it, warms it up, then measures all depths
 * in turn, several rounds, so that a change of the machine's speed meets all depths alike. For one
 * thread.
 */
public final class WireRun {
    private static final int BYTES_PER_MIB = 1 << 20;
    private static final int MIXED_DEPTH = 16;
    private static final int MIXED_CONNECTIONS = 8;
    private static final int MIXED_VALUE_BYTES = 100;

    private final Plan plan;
    private final ServerProcess server;
    private final InstructionCount instructions;
    private final WireTally tally = new WireTally();
    private long operations;
    private long misses;
    private long failed;

    private WireRun(Plan plan, ServerProcess server) {
        this.plan = plan;
        this.server = server;
        this.instructions = new InstructionCount(server.pid());
    }

    /**
     * What to measure.
     *
     * @param depths requests of a batch, one measurement for each
     * @param seconds of each measurement
     * @param rounds measurements of each depth
     * @param warmupSeconds before all of them
     * @param connections of the generator
     * @param keys in the cache
     * @param valueBytes of each value
     * @param setPercent of the requests, the others being GET
     * @param distribution of the keys asked for
     * @param definitions for the server, each key=value
     */
    record Plan(
            List<Integer> depths,
            int seconds,
            int rounds,
            int warmupSeconds,
            int connections,
            int keys,
            int valueBytes,
            int setPercent,
            Distribution distribution,
            List<String> definitions) {}

    /**
     * Measures a load as of many clients, in batches of 16, some keys much hotter than others.
     *
     * @param definitions for the server, each key=value
     */
    public static Outcome mixed(
            int seconds, int keys, int setPercent, List<String> definitions, PrintWriter out) {
        Plan plan =
                new Plan(
                        List.of(MIXED_DEPTH),
                        seconds,
                        1,
                        2 * seconds,
                        MIXED_CONNECTIONS,
                        keys,
                        MIXED_VALUE_BYTES,
                        setPercent,
                        Distribution.zipfian,
                        definitions);
        return run(plan, out);
    }

    /**
     * Measures, and prints a line for each depth.
     *
     * @return the line for scripts, and whether every answer was right
     */
    static Outcome run(Plan plan, PrintWriter out) {
        Optional<Processors> processors = Processors.ifTwo();
        List<String> command =
                ServerProcess.command(
                        LarderHome.launcher().map(Path::toString), plan.definitions());
        if (processors.isPresent()) {
            command = processors.get().onServer(command);
        }
        try (ServerProcess server = ServerProcess.start(command)) {
            processors.ifPresent(Processors::moveSelf);
            Outcome outcome = new WireRun(plan, server).measure(out, processors.isPresent());
            server.stop();
            return outcome;
        }
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isRight true if no answer was a miss, an error or another value than stored
     * @param operationsPerSecond at the last depth, the median of the rounds
     * @param serverMicros of the server's CPU for an operation, likewise
     */
    public record Outcome(
            ResultLine result, boolean isRight, double operationsPerSecond, double serverMicros) {}

    private Outcome measure(PrintWriter out, boolean isPinned) {
        WireItems items = new WireItems(plan.valueBytes());
        int depthMax = plan.depths().stream().mapToInt(Integer::intValue).max().orElse(1);
        Map<Integer, List<WireSample>> samples = new LinkedHashMap<>();
        try (WireGenerator generator =
                WireGenerator.connect(
                        server.ready().dataAddress(),
                        Protocol.LARDER,
                        items,
                        new WireGenerator.Size(plan.connections(), depthMax))) {
            Progress.say("wire: storing %,d keys", plan.keys());
            generator.store(0, plan.keys(), tally);
            endPhase();
            KeySequence keys = KeySequence.draw(plan.distribution(), plan.keys());
            warmUp(generator, keys);
            for (int round = 1; round <= plan.rounds(); round++) {
                for (int depth : plan.depths()) {
                    WireSample sample = sample(generator, keys, depth);
                    Progress.say("wire: round %d, depth %d: %s", round, depth, sample);
                    samples.computeIfAbsent(depth, d -> new ArrayList<>()).add(sample);
                }
            }
        }
        if (plan.depths().size() > 1) {
            samples.forEach((depth, rounds) -> out.println(point(depth, rounds)));
        }
        int depth = plan.depths().get(plan.depths().size() - 1);
        List<WireSample> last = samples.getOrDefault(depth, List.of());
        double perSecond = WireSample.median(last, WireSample::operationsPerSecond);
        double serverMicros = WireSample.median(last, WireSample::serverCpuMicros);
        boolean isRight = misses == 0 && failed == 0;
        return new Outcome(describe(samples, isPinned), isRight, perSecond, serverMicros);
    }

    private void warmUp(WireGenerator generator, KeySequence keys) {
        Progress.say("wire: warming up for %d s", plan.warmupSeconds());
        long nanos = TimeUnit.SECONDS.toNanos(plan.warmupSeconds()) / plan.depths().size();
        for (int depth : plan.depths()) {
            generator.run(load(keys, depth), nanos, tally);
        }
        endPhase();
    }

    private WireSample sample(WireGenerator generator, KeySequence keys, int depth) {
        long nanos = TimeUnit.SECONDS.toNanos(plan.seconds());
        InstructionCount.Running counting = instructions.begin(plan.seconds());
        CpuTimes before = CpuTimes.now(server.pid());
        generator.run(load(keys, depth), nanos, tally);
        CpuTimes used = CpuTimes.now(server.pid()).minus(before);
        OptionalLong counted = counting.end();
        double perSecond = tally.operations() / used.wallSeconds();
        WireSample sample =
                WireSample.of(
                        tally,
                        used,
                        counted.isPresent()
                                ? OptionalDouble.of(
                                        counted.getAsLong() / (perSecond * plan.seconds()))
                                : OptionalDouble.empty());
        operations += tally.operations();
        endPhase();
        return sample;
    }

    private WireGenerator.Load load(KeySequence keys, int depth) {
        return new WireGenerator.Load(keys, depth, plan.setPercent());
    }

    private void endPhase() {
        misses += tally.misses();
        failed += tally.failed();
        tally.reset();
    }

    private ResultLine describe(Map<Integer, List<WireSample>> samples, boolean isPinned) {
        ResultLine line = ResultLine.of("wire");
        boolean isOne = samples.size() == 1;
        if (!isOne) {
            String depths = plan.depths().toString().replaceAll("[\\[\\] ]", "");
            line.put("depths", depths);
        }
        samples.forEach((depth, rounds) -> putDepth(line, depth, rounds, isOne ? "" : "_" + depth));
        return line.put("operations", operations)
                .put("misses", misses)
                .put("failed", failed)
                .put("rounds", plan.rounds())
                .put("seconds", plan.seconds())
                .put("connections", plan.connections())
                .put("keys", plan.keys())
                .put("value_bytes", plan.valueBytes())
                .put("set_percent", plan.setPercent())
                .put("distribution", plan.distribution())
                .put("pinned", isPinned)
                .put("server_rss_mib", server.usage().residentBytes() / BYTES_PER_MIB);
    }

    private static ResultLine point(int depth, List<WireSample> rounds) {
        return putDepth(ResultLine.point("wire"), depth, rounds, "");
    }

    private static ResultLine putDepth(
            ResultLine line, int depth, List<WireSample> rounds, String suffix) {
        if (suffix.isEmpty()) {
            line.put("depth", depth);
        }
        line.put(
                        "ops_per_second" + suffix,
                        WireSample.median(rounds, WireSample::operationsPerSecond),
                        0)
                .put(
                        "ops_per_second_spread_percent" + suffix,
                        WireSample.spreadPercent(rounds, WireSample::operationsPerSecond),
                        1)
                .put(
                        "server_cpu_micros_per_op" + suffix,
                        WireSample.median(rounds, WireSample::serverCpuMicros),
                        3)
                .put(
                        "server_cpu_spread_percent" + suffix,
                        WireSample.spreadPercent(rounds, WireSample::serverCpuMicros),
                        1);
        putPercentages(line, rounds, suffix);
        boolean isCounted = rounds.stream().allMatch(round -> round.instructions().isPresent());
        double median = WireSample.median(rounds, round -> round.instructions().orElse(0));
        return isCounted
                ? line.put("instructions_per_op" + suffix, median, 0)
                : line.put("instructions_per_op" + suffix, "not_supported");
    }

    private static void putPercentages(ResultLine line, List<WireSample> rounds, String suffix) {
        line.put(
                        "server_cpu_percent" + suffix,
                        WireSample.median(rounds, WireSample::serverCpuPercent),
                        0)
                .put(
                        "client_cpu_percent" + suffix,
                        WireSample.median(rounds, WireSample::clientCpuPercent),
                        0)
                .put(
                        "other_cpu_percent" + suffix,
                        WireSample.median(rounds, WireSample::otherCpuPercent),
                        0)
                .put(
                        "p50_micros" + suffix,
                        WireSample.median(rounds, WireSample::latencyMicrosP50),
                        1)
                .put(
                        "p99_micros" + suffix,
                        WireSample.median(rounds, WireSample::latencyMicrosP99),
                        1)
                .put(
                        "p999_micros" + suffix,
                        WireSample.median(rounds, WireSample::latencyMicrosP999),
                        1);
    }
}
