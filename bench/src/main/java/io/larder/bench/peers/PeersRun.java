package io.larder.bench.peers;

import io.larder.bench.PeerProgram;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.wire.KeySequence;
import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.bench.wire.Processors;
import io.larder.bench.wire.WireGenerator;
import io.larder.bench.wire.WireItems;
import io.larder.bench.wire.WireTally;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code bench peers}: for each number of threads and size of values starts the servers,
 * stores the items, and measures the workloads one after the other. For one thread.
 */
final class PeersRun {
    private static final int DECIMALS = 3;
    private static final int STORING_CONNECTIONS = 8;
    private static final int WARMUP_PASSES = 2;
    private static final int WARMUP_DEPTH = 16;
    private static final int SET_PERCENT = 10;
    private static final long MEBIBYTE = 1 << 20;

    private final PeersPlan plan;
    private final Targets targets;
    private final ComparisonTable table;
    private final List<Integer> processors;
    private final WorkloadRun.Totals totals = new WorkloadRun.Totals();
    private final Map<Distribution, KeySequence> sequences = new EnumMap<>(Distribution.class);
    private final Map<String, Targets.Check> worst = new TreeMap<>();
    private int missed;

    PeersRun(PeersPlan plan, Targets targets, PrintWriter out) {
        this.plan = plan;
        this.targets = targets;
        this.table = new ComparisonTable(targets, out);
        this.processors = Processors.allowed();
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param holds true if every target was reached, and no answer was a miss or wrong
     */
    record Outcome(ResultLine result, boolean holds) {}

    /** Servers and items that some workloads in a row share. */
    private record Setting(int threads, int valueBytes) {
        Setting(Workload workload) {
            this(workload.placement().threads(), workload.valueBytes());
        }
    }

    /** Measures, and prints a line for each workload and pair. */
    Outcome run() {
        ServerSet.requirePrograms(makers(plan.pairs()), plan.servers());
        RedisBenchmark redisBenchmark =
                plan.pairs().contains(Pair.REDIS) ? findRedisBenchmark() : null;
        table.printHead();
        List<Workload> workloads = plan.scope().workloads();
        Map<Setting, List<Workload>> bySetting =
                workloads.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Setting::new, LinkedHashMap::new, Collectors.toList()));
        try {
            bySetting.forEach((setting, some) -> run(setting, some, redisBenchmark));
        } finally {
            moveSelfBack();
        }
        ResultLine result = describe(workloads.size());
        return new Outcome(result, missed == 0 && totals.misses() == 0 && totals.failed() == 0);
    }

    private @Nullable RedisBenchmark findRedisBenchmark() {
        PeerProgram program = PeerProgram.find(RedisBenchmark.PROGRAM, plan.servers()).orElse(null);
        if (program == null) {
            Progress.say("peers: no redis-benchmark (apt-get install redis-tools)");
            return null;
        }
        return new RedisBenchmark(program);
    }

    private void run(
            Setting setting, List<Workload> workloads, @Nullable RedisBenchmark redisBenchmark) {
        moveSelfBack(); // the servers begin where this process is
        int keys = plan.keys(setting.valueBytes());
        sequences.clear();
        try (ServerSet servers = ServerSet.start(spec(setting, keys))) {
            store(setting, keys, servers);
            warmUp(setting, keys, servers);
            for (Workload workload : workloads) {
                workload.placement().apply(processors, servers.pids());
                KeySequence sequence =
                        sequences.computeIfAbsent(
                                workload.distribution(),
                                distribution -> KeySequence.draw(distribution, keys));
                try (WorkloadRun run = new WorkloadRun(plan, workload, servers, sequence, totals)) {
                    run.measure(isForRedisBenchmark(workload) ? redisBenchmark : null)
                            .forEach(this::report);
                }
            }
        }
    }

    private void moveSelfBack() {
        Processors.move(ProcessHandle.current().pid(), processors);
    }

    /** It draws keys uniformly, and does not mix commands: once for all shares of SETs. */
    private boolean isForRedisBenchmark(Workload workload) {
        return workload.distribution() == Distribution.uniform
                && workload.setPercent() == plan.scope().setPercents().get(0)
                && workload.crowd().idle() == 0;
    }

    private ServerSet.Spec spec(Setting setting, int keys) {
        return new ServerSet.Spec(
                makers(plan.pairs()),
                setting.threads(),
                memoryMebibytes(keys, setting.valueBytes()),
                plan.servers(),
                plan.definitions());
    }

    static Set<Maker> makers(List<Pair> pairs) {
        Set<Maker> makers = EnumSet.noneOf(Maker.class);
        pairs.stream()
                .flatMap(pair -> Stream.of(pair.larder(), pair.other()))
                .map(Side::maker)
                .forEach(makers::add);
        return makers;
    }

    /** Twice the items' bytes and some more: nothing is to be evicted, whatever an item takes. */
    static long memoryMebibytes(int items, int valueBytes) {
        return 256 + 2L * items * (WireItems.KEY_BYTES + valueBytes) / MEBIBYTE;
    }

    private void store(Setting setting, int keys, ServerSet servers) {
        WireItems items = new WireItems(setting.valueBytes());
        WireTally tally = new WireTally();
        for (Maker maker : makers(plan.pairs())) {
            Side side = sideOf(maker);
            Progress.say("peers: %s stores %,d items", side.title(), keys);
            WireGenerator.Size size = new WireGenerator.Size(STORING_CONNECTIONS, 1);
            try (WireGenerator generator =
                    WireGenerator.connect(servers.address(side), side.protocol(), items, size)) {
                generator.store(0, keys, tally);
            }
            Progress.say(
                    "peers: %s has %,d MiB resident",
                    side.title(), ProcessUsage.of(servers.pid(maker)).residentBytes() / MEBIBYTE);
        }
        totals.add(tally);
    }

    /**
     * Asks on every side, single requests and batches, while all processors are free: what has a
     * compiler would else run it on the processor it is to serve from. Twice, since what is
     * compiled for one protocol alone has to be compiled again when another one comes.
     */
    private void warmUp(Setting setting, int keys, ServerSet servers) {
        Progress.say("peers: warming up");
        KeySequence sequence = KeySequence.draw(Distribution.uniform, keys);
        WireItems items = new WireItems(setting.valueBytes());
        WireGenerator.Size size = new WireGenerator.Size(STORING_CONNECTIONS, WARMUP_DEPTH);
        long nanos = (long) (plan.warmupSeconds() * TimeUnit.SECONDS.toNanos(1));
        WireTally tally = new WireTally();
        for (int pass = 1; pass <= WARMUP_PASSES; pass++) {
            for (Side side : WorkloadRun.sides(plan.pairs())) {
                try (WireGenerator generator =
                        WireGenerator.connect(
                                servers.address(side), side.protocol(), items, size)) {
                    for (int depth : List.of(1, WARMUP_DEPTH)) {
                        generator.run(
                                new WireGenerator.Load(sequence, depth, SET_PERCENT), nanos, tally);
                    }
                }
            }
        }
        totals.add(tally);
    }

    static Side sideOf(Maker maker) {
        return switch (maker) {
            case LARDER -> Side.LARDER;
            case MEMCACHED -> Side.MEMCACHED;
            case REDIS -> Side.REDIS;
        };
    }

    private void report(Comparison comparison) {
        table.print(comparison);
        for (Targets.Check check : targets.checks(comparison)) {
            worst.merge(check.key(), check, (old, now) -> now.isWorseThan(old) ? now : old);
            if (!check.holds()) {
                missed++;
                Progress.say(
                        "peers: %s, by %s: %s %.3f (expected: %.3f or %s)",
                        comparison.workload().title(),
                        comparison.generator(),
                        check.key(),
                        check.ratio(),
                        check.bound(),
                        check.isLeast() ? "more" : "less");
            }
        }
    }

    private ResultLine describe(int workloads) {
        ResultLine line = ResultLine.of("peers");
        worst.forEach((key, check) -> line.put(key, check.ratio(), DECIMALS));
        return line.put("missed_targets", missed)
                .put("workloads", workloads)
                .put("operations", totals.operations())
                .put("misses", totals.misses())
                .put("failed", totals.failed())
                .put("rounds", plan.rounds())
                .put("seconds", plan.seconds(), 1)
                .put("keys", plan.keys())
                .put("huge_pages", ServerSet.isHugePages())
                .put("other_cpu_percent_max", totals.othersPercentMax(), 0);
    }
}
