package io.larder.bench.peers;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.wire.CpuTimes;
import io.larder.bench.wire.KeySequence;
import io.larder.bench.wire.WireGenerator;
import io.larder.bench.wire.WireItems;
import io.larder.bench.wire.WireSample;
import io.larder.bench.wire.WireTally;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One workload, measured on all sides in turn, round after round, so that a change of the machine's
 * speed meets all alike. Owns its connections. For one thread.
 */
final class WorkloadRun implements AutoCloseable {
    /** Of the slower side's speed in a closed loop; what both are asked for in the open one. */
    private static final double OPEN_SHARE = 0.5;

    /** A part of the warm-up for the open loop's own code. */
    private static final double OPEN_WARMUP_SHARE = 0.25;

    private final PeersPlan plan;
    private final Workload workload;
    private final ServerSet servers;
    private final KeySequence keys;
    private final Totals totals;
    private final WireTally tally = new WireTally();
    private final Map<Side, WireGenerator> generators = new EnumMap<>(Side.class);
    private final Deque<AutoCloseable> idle = new ArrayDeque<>();

    WorkloadRun(
            PeersPlan plan, Workload workload, ServerSet servers, KeySequence keys, Totals totals) {
        this.plan = plan;
        this.workload = workload;
        this.servers = servers;
        this.keys = keys;
        this.totals = totals;
    }

    /** What all workloads count together. For one thread. */
    static final class Totals {
        private long operations;
        private long misses;
        private long failed;
        private double othersPercentMax;

        void add(WireTally tally) {
            operations += tally.operations();
            misses += tally.misses();
            failed += tally.failed();
            tally.reset();
        }

        long operations() {
            return operations;
        }

        long misses() {
            return misses;
        }

        long failed() {
            return failed;
        }

        /** The most that other processes took of a processor in any measurement. */
        double othersPercentMax() {
            return othersPercentMax;
        }
    }

    /**
     * Measures. Locking: blocks as long as it takes.
     *
     * @param redisBenchmark to ask Redis and Larder, too; null if it is not to
     */
    List<Comparison> measure(@Nullable RedisBenchmark redisBenchmark) {
        Progress.say("peers: %s", workload.title());
        for (Side side : sides(plan.pairs())) {
            generators.put(side, connect(side));
        }
        generators.forEach((side, generator) -> generator.run(load(), nanos(warmup()), tally));
        totals.add(tally);
        Map<Side, Rounds> closed = rounds("closed", generators.keySet(), this::closed);
        List<Comparison> comparisons = new ArrayList<>();
        for (Pair pair : plan.pairs()) {
            Comparison.Open open =
                    workload.placement().leavesGeneratorAlone()
                            ? open(pair, closed)
                            : Comparison.Open.NONE;
            comparisons.add(compare(pair, "own", closed, open));
        }
        if (redisBenchmark != null) {
            Map<Side, Rounds> rounds =
                    rounds(
                            RedisBenchmark.PROGRAM,
                            List.of(Side.LARDER_RESP, Side.REDIS),
                            side -> redisBenchmark(redisBenchmark, side, closed));
            comparisons.add(
                    compare(
                            Pair.REDIS,
                            RedisBenchmark.PROGRAM + ", GET",
                            rounds,
                            Comparison.Open.NONE));
        }
        return comparisons;
    }

    private double warmup() {
        return plan.warmupSeconds();
    }

    /** The other before Larder, as both are at the beginning of a run. */
    static Set<Side> sides(Collection<Pair> pairs) {
        Set<Side> sides = new LinkedHashSet<>();
        for (Pair pair : pairs) {
            sides.add(pair.other());
            sides.add(pair.larder());
        }
        return sides;
    }

    private WireGenerator connect(Side side) {
        try {
            for (int i = 0; i < workload.crowd().idle(); i++) {
                idle.push(SocketChannel.open(servers.address(side)));
            }
        } catch (IOException e) {
            throw new BenchException(side.title() + ": " + e.getMessage(), e);
        }
        return WireGenerator.connect(
                servers.address(side),
                side.protocol(),
                new WireItems(workload.valueBytes()),
                new WireGenerator.Size(workload.crowd().active(), workload.depth()));
    }

    private WireGenerator.Load load() {
        return new WireGenerator.Load(keys, workload.depth(), workload.setPercent());
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** What measures a side once. */
    private interface Measurement {
        WireSample take(Side side);
    }

    private Map<Side, Rounds> rounds(String kind, Collection<Side> sides, Measurement measurement) {
        Map<Side, Rounds> rounds = new EnumMap<>(Side.class);
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Side side : sides) {
                WireSample sample = measurement.take(side);
                if (sample.otherCpuPercent() > totals.othersPercentMax) { // not if it is NaN
                    totals.othersPercentMax = sample.otherCpuPercent();
                }
                Progress.say("peers: %s, round %d, %s: %s", kind, round, side.title(), sample);
                rounds.computeIfAbsent(side, s -> new Rounds()).add(sample);
            }
        }
        return rounds;
    }

    private WireSample closed(Side side) {
        return counted(side, generator -> generator.run(load(), nanos(plan.seconds()), tally));
    }

    private Comparison.Open open(Pair pair, Map<Side, Rounds> closed) {
        double slower =
                Math.min(
                        of(closed, pair.larder()).median(WireSample::operationsPerSecond),
                        of(closed, pair.other()).median(WireSample::operationsPerSecond));
        double perSecond = slower * OPEN_SHARE;
        List<Side> sides = List.of(pair.other(), pair.larder());
        for (Side side : sides) {
            long nanos = nanos(warmup() * OPEN_WARMUP_SHARE);
            generator(side).runOpen(load(), perSecond, nanos, tally);
        }
        totals.add(tally);
        Map<Side, Rounds> rounds =
                rounds(
                        "open",
                        sides,
                        side ->
                                counted(
                                        side,
                                        generator ->
                                                generator.runOpen(
                                                        load(),
                                                        perSecond,
                                                        nanos(plan.seconds()),
                                                        tally)));
        return new Comparison.Open(perSecond, of(rounds, pair.larder()), of(rounds, pair.other()));
    }

    /** What a generator does while it is watched. */
    private interface Asking {
        void go(WireGenerator generator);
    }

    private WireSample counted(Side side, Asking asking) {
        long pid = servers.pid(side.maker());
        CpuTimes before = CpuTimes.now(pid);
        asking.go(generator(side));
        CpuTimes used = CpuTimes.now(pid).minus(before);
        if (tally.operations() == 0) {
            throw new BenchException(side.title() + ": no answer (expected: some)");
        }
        WireSample sample = WireSample.of(tally, used, OptionalDouble.empty());
        totals.add(tally);
        return sample;
    }

    private WireSample redisBenchmark(
            RedisBenchmark redisBenchmark, Side side, Map<Side, Rounds> closed) {
        double perSecond = of(closed, side).median(WireSample::operationsPerSecond);
        return redisBenchmark.get(
                servers.address(side),
                servers.pid(side.maker()),
                workload,
                plan.keys(workload.valueBytes()),
                Math.max(1, (long) (perSecond * plan.seconds())));
    }

    private Comparison compare(
            Pair pair, String generator, Map<Side, Rounds> rounds, Comparison.Open open) {
        return new Comparison(
                workload,
                pair,
                generator,
                of(rounds, pair.larder()),
                of(rounds, pair.other()),
                open);
    }

    private static Rounds of(Map<Side, Rounds> rounds, Side side) {
        Rounds found = rounds.get(side);
        if (found == null) {
            throw new BenchException(side.title() + ": not measured");
        }
        return found;
    }

    private WireGenerator generator(Side side) {
        WireGenerator found = generators.get(side);
        if (found == null) {
            throw new BenchException(side.title() + ": not connected");
        }
        return found;
    }

    @Override
    public void close() {
        generators.values().forEach(WireGenerator::close);
        for (AutoCloseable connection : idle) {
            try {
                connection.close();
            } catch (Exception e) {
                throw new BenchException("idle connection: " + e.getMessage(), e);
            }
        }
    }
}
