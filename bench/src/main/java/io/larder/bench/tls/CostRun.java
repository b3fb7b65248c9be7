package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.tls.CostSide.Load;
import io.larder.bench.tls.CostSide.Sample;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What TLS and permissions cost a server: the same load on servers of one kind, one after the
 * other, round by round, so that a change of the machine's speed meets all alike. For one thread.
 */
final class CostRun {
    /** Percent that permission checks may cost. */
    static final double PERMISSIONS_PERCENT_MAX = 2;

    private static final String PLAIN = "plain";
    private static final String USERS = "users";

    private final Load load;
    private final int seconds;
    private final int rounds;
    private final List<CostSide> sides = new ArrayList<>();

    private CostRun(Load load, int seconds, int rounds) {
        this.load = load;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isKept whether every answer was right, and permissions cost no more than they may
     */
    record Outcome(ResultLine result, boolean isKept) {}

    static Outcome run(Load load, int seconds, int rounds) {
        CostRun run = new CostRun(load, seconds, rounds);
        try (Site site = Site.make()) {
            try {
                run.open(site);
                return run.measure();
            } finally {
                run.sides.forEach(CostSide::close);
            }
        }
    }

    private void open(Site site) {
        String directory = "tls.directory=" + site.directory();
        sides.add(CostSide.open(PLAIN, List.of(), null, null, load));
        sides.add(
                CostSide.open(
                        "jdk", List.of(directory, "tls.provider=jdk"), site.trust(), null, load));
        if (OpenSsl.isAvailable()) {
            sides.add(
                    CostSide.open(
                            "openssl",
                            List.of(directory, "tls.provider=openssl"),
                            site.trust(),
                            null,
                            load));
        } else {
            Progress.say("tls: without tcnative: %s", OpenSsl.unavailabilityCause());
        }
        sides.add(
                CostSide.open(
                        USERS, List.of("auth.users=" + site.users("*")), null, Site.TOKEN, load));
        sides.add(
                CostSide.open(
                        "prefix",
                        List.of("auth.users=" + site.users("default:" + Line.PREFIX)),
                        null,
                        Site.TOKEN,
                        load));
    }

    private Outcome measure() {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        for (CostSide side : sides) {
            Progress.say("tls: warm-up, %s: %s", side.name(), side.run(load, nanos, true));
        }
        for (int round = 1; round <= rounds; round++) {
            for (CostSide side : sides) {
                Sample sample = side.run(load, nanos, false);
                Progress.say(
                        "tls: round %d, %s: %,.0f op/s, server %.3f us/op",
                        round, side.name(), sample.operationsPerSecond(), sample.serverMicros());
            }
        }
        return outcome();
    }

    private Outcome outcome() {
        ResultLine line = ResultLine.of("tls");
        long wrong = 0;
        for (CostSide side : sides) {
            Median speed = median(side, Sample::operationsPerSecond);
            Median cpu = median(side, Sample::serverMicros);
            line.put(side.name() + "_ops_per_second", speed.value(), 0)
                    .put(side.name() + "_server_micros_per_op", cpu.value(), 3)
                    .put(side.name() + "_spread_percent", cpu.spreadPercent(), 1);
            wrong += side.wrong();
        }
        double plain = median(side(PLAIN), Sample::serverMicros).value();
        for (CostSide side : sides) {
            if (!side.name().equals(PLAIN)) {
                double cost = median(side, Sample::serverMicros).value() / plain - 1;
                line.put(side.name() + "_cost_percent", 100 * cost, 1);
            }
        }
        double permissions = pairedCostPercent();
        line.put("permissions_cost_percent", permissions, 1)
                .put("wrong", wrong)
                .put("rounds", rounds)
                .put("seconds", seconds)
                .put("connections", load.connections())
                .put("depth", load.depth())
                .put("value_bytes", load.valueBytes());
        return new Outcome(line, wrong == 0 && permissions <= PERMISSIONS_PERCENT_MAX);
    }

    /** Of each round's pair, which the machine met in like state, the median. */
    private double pairedCostPercent() {
        List<Sample> plain = side(PLAIN).samples();
        List<Sample> users = side(USERS).samples();
        List<Double> costs = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            costs.add(100 * (users.get(i).serverMicros() / plain.get(i).serverMicros() - 1));
        }
        return Median.of(costs).value();
    }

    private static Median median(CostSide side, ToDoubleFunction<Sample> figure) {
        return Median.of(side.samples().stream().map(figure::applyAsDouble).toList());
    }

    private CostSide side(String name) {
        return sides.stream()
                .filter(side -> side.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchException("side: " + name));
    }
}
