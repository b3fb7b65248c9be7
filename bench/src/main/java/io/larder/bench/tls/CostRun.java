package io.larder.bench.tls;

import static java.util.Objects.requireNonNull;

import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.tls.CostSide.Load;
import io.larder.bench.tls.CostSide.Sample;
import io.larder.bench.wire.Processors;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What TLS and permissions cost a server: the same load on servers of one kind, one after the
 * other, round by round, so that a change of the machine's speed meets all alike. For one thread.
 *
 * <p>No two JVMs compile the same code alike: all servers are started anew for each set of rounds,
 * and one more plain server tells what the measure itself makes up. That is more than permissions
 * may cost, so what these add to a request is measured in one JVM, see {@link PermissionCost}.
 */
final class CostRun {
    /** Percent that permission checks may cost. */
    static final double PERMISSIONS_PERCENT_MAX = 2;

    private static final String PLAIN = "plain";
    private static final String USERS = "users";
    private static final String CONTROL = "control";

    private final Load load;
    private final Repeats repeats;
    private final Optional<Processors> processors = Processors.ifTwo();
    private final Map<String, List<List<Sample>>> samples = new LinkedHashMap<>(); // by set
    private long wrong;

    private CostRun(Load load, Repeats repeats) {
        this.load = load;
        this.repeats = repeats;
    }

    /**
     * How often it is measured.
     *
     * @param sets each with servers of its own
     * @param rounds of a set, in each of which every server is asked
     * @param seconds for which it is
     */
    record Repeats(int sets, int rounds, int seconds) {}

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isKept whether every answer was right, and permissions cost no more than they may
     */
    record Outcome(ResultLine result, boolean isKept) {}

    static Outcome run(Load load, Repeats repeats) {
        CostRun run = new CostRun(load, repeats);
        run.processors.ifPresent(Processors::moveSelf);
        try (Site site = Site.make()) {
            for (int set = 1; set <= repeats.sets(); set++) {
                run.measure(set, site);
            }
            try (PermissionCost cost = new PermissionCost(load)) {
                return run.outcome(cost.measure(site, repeats.rounds() * repeats.seconds() * 2));
            }
        }
    }

    private void measure(int set, Site site) {
        List<CostSide> sides = new ArrayList<>();
        try {
            open(sides, site);
            measure(set, sides);
            for (CostSide side : sides) {
                samples.computeIfAbsent(side.name(), name -> new ArrayList<>()).add(side.samples());
                wrong += side.wrong();
            }
        } finally {
            sides.forEach(CostSide::close);
        }
    }

    private void open(List<CostSide> sides, Site site) {
        String directory = "tls.directory=" + site.directory();
        String everywhere = "auth.users=" + site.users("*");
        String prefixed = "auth.users=" + site.users("default:" + Line.PREFIX);
        sides.add(open(PLAIN, List.of(), null, null));
        sides.add(open(USERS, List.of(everywhere), null, Site.TOKEN));
        sides.add(open("prefix", List.of(prefixed), null, Site.TOKEN));
        sides.add(open(CONTROL, List.of(), null, null));
        sides.add(open("jdk", List.of(directory, "tls.provider=jdk"), site.trust(), null));
        if (OpenSsl.isAvailable()) {
            List<String> settings = List.of(directory, "tls.provider=openssl");
            sides.add(open("openssl", settings, site.trust(), null));
        } else {
            Progress.say("tls: without tcnative: %s", OpenSsl.unavailabilityCause());
        }
    }

    private CostSide open(
            String name,
            List<String> settings,
            @Nullable SSLContext trust,
            @Nullable String token) {
        return CostSide.open(processors, name, settings, trust, token, load);
    }

    private void measure(int set, List<CostSide> sides) {
        long nanos = TimeUnit.SECONDS.toNanos(repeats.seconds());
        for (CostSide side : sides) {
            Progress.say("tls: warm-up, %s: %s", side.name(), side.run(load, nanos, true));
        }
        for (int round = 1; round <= repeats.rounds(); round++) {
            for (CostSide side : sides) {
                Sample sample = side.run(load, nanos, false);
                Progress.say(
                        "tls: set %d of %d, round %d, %s: %,.0f op/s, server %.3f us/op",
                        set,
                        repeats.sets(),
                        round,
                        side.name(),
                        sample.operationsPerSecond(),
                        sample.serverMicros());
            }
        }
    }

    /**
     * @param nanos of a request in one JVM: what permissions add to it, of which a plain server's
     *     processor time for a request makes percent
     */
    private Outcome outcome(PermissionCost.Nanos nanos) {
        ResultLine line = ResultLine.of("tls");
        for (String name : samples.keySet()) {
            Median cpu = median(name, Sample::serverMicros);
            line.put(name + "_ops_per_second", median(name, Sample::operationsPerSecond).value(), 0)
                    .put(name + "_server_micros_per_op", cpu.value(), 3)
                    .put(name + "_spread_percent", cpu.spreadPercent(), 1);
            if (!name.equals(PLAIN) && !name.equals(CONTROL)) {
                line.put(name + "_cost_percent", Median.of(costs(name)).value(), 1);
            }
        }
        double percent = median(PLAIN, Sample::serverMicros).value() * 10; // nanoseconds
        double permissions = Math.max(nanos.users(), nanos.prefix()) / percent;
        line.put("permissions_cost_percent", permissions, 1)
                .put("permissions_nanos_per_op", nanos.users(), 1)
                .put("prefix_nanos_per_op", nanos.prefix(), 1)
                .put("in_process_nanos_per_op", nanos.plain(), 1)
                .put("control_percent", Median.of(controls()).value(), 1)
                .put("wrong", wrong)
                .put("sets", repeats.sets())
                .put("rounds", repeats.rounds())
                .put("seconds", repeats.seconds())
                .put("connections", load.connections())
                .put("depth", load.depth())
                .put("value_bytes", load.valueBytes())
                .put("pinned", processors.isPresent());
        return new Outcome(line, wrong == 0 && permissions <= PERMISSIONS_PERCENT_MAX);
    }

    /** What a side's servers take more than the two plain ones of their set, in percent. */
    private List<Double> costs(String name) {
        List<Double> costs = new ArrayList<>();
        for (int set = 0; set < repeats.sets(); set++) {
            double plain = (micros(PLAIN, set) + micros(CONTROL, set)) / 2;
            costs.add(100 * (micros(name, set) / plain - 1));
        }
        return costs;
    }

    /** By how much one plain server of a set differs from the other, either way, in percent. */
    private List<Double> controls() {
        List<Double> controls = new ArrayList<>();
        for (int set = 0; set < repeats.sets(); set++) {
            controls.add(100 * Math.abs(micros(CONTROL, set) / micros(PLAIN, set) - 1));
        }
        return controls;
    }

    private double micros(String name, int set) {
        List<Sample> ofSet = requireNonNull(samples.get(name)).get(set);
        return Median.of(ofSet.stream().map(Sample::serverMicros).toList()).value();
    }

    private Median median(String name, ToDoubleFunction<Sample> figure) {
        return Median.of(
                requireNonNull(samples.get(name)).stream()
                        .flatMap(List::stream)
                        .map(figure::applyAsDouble)
                        .toList());
    }
}
