package io.larder.bench.hostile;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overload}: what a server does that is asked for three times what it can do. */
@Command(
        name = "overload",
        description =
                "Asks a server, slowed down so that two cores are enough, for several times what it"
                        + " can do, in an open loop.",
        mixinStandardHelpOptions = true)
public final class OverloadCommand implements Callable<Integer> {
    private static final double PROBE_SECONDS = 3;
    private static final double UNCOUNTED_SECONDS = 1;
    private static final double RECOVERED_SECONDS = 1;
    private static final double GOODPUT_MIN = 0.9;
    private static final double P99_RATIO_MAX = 5;

    /** Of its capacity, as near as two runs of the same thing are to each other. */
    private static final double[] PEAK_LOADS = {0.8, 0.9, 1.0};

    private static final double UNLOADED = 0.5;

    @Option(names = "--seconds", description = "Of overload; default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(names = "--times", description = "Offered, in capacities; default ${DEFAULT-VALUE}.")
    private int times = 3;

    @Option(names = "--connections", description = "Default ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(
            names = "--delay-micros",
            description = "That each command takes longer; default ${DEFAULT-VALUE}.")
    private int delayMicros = 1_000;

    @Option(
            names = "--queueing-millis",
            description = "limits.queueing-delay; 0 is no limit; default ${DEFAULT-VALUE}.")
    private int queueingMillis = 4;

    @Option(
            names = "--protocol",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private GetProtocol protocol = GetProtocol.LARDER;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public OverloadCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--seconds", seconds, 2, 3_600);
        requireRange(spec, "--times", times, 2, 20);
        requireRange(spec, "--connections", connections, 2, 1_000);
        requireRange(spec, "--delay-micros", delayMicros, 100, 100_000);
        requireRange(spec, "--queueing-millis", queueingMillis, 0, 10_000);
        List<String> definitions =
                List.of(
                        "store.memory=64m",
                        "threads.event-loops=2",
                        "listeners." + protocol.listener() + ".port=0",
                        "limits.queueing-delay=" + queueingMillis + "ms",
                        "debug.command-delay-micros=" + delayMicros);
        try (ServerProcess server = ServerProcess.open(definitions);
                OpenLoop load =
                        new OpenLoop(
                                protocol,
                                server.ready().address(protocol.listener()),
                                connections)) {
            return measure(load);
        }
    }

    private int measure(OpenLoop load) throws IOException {
        double capacity = capacity(load);
        OpenLoop.Stretch unloaded = stretch(load, "unloaded", UNLOADED * capacity, PROBE_SECONDS);
        double peak = unloaded.acceptedPerSecond();
        for (double part : PEAK_LOADS) {
            OpenLoop.Stretch full = stretch(load, "full", part * capacity, PROBE_SECONDS);
            peak = Math.max(peak, full.acceptedPerSecond());
        }
        OpenLoop.Stretch over = stretch(load, "overload", times * capacity, seconds);
        OpenLoop.Stretch after = load.run(UNLOADED * capacity, PROBE_SECONDS, RECOVERED_SECONDS);
        tell("after", after);
        if (over.accepted() == 0 || unloaded.accepted() == 0) {
            throw new BenchException("overload: nothing was carried out");
        }
        double goodput = over.acceptedPerSecond() / peak;
        double ratio = over.p99Micros() / (double) unloaded.p99Micros();
        double afterRatio = after.p99Micros() / (double) unloaded.p99Micros();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("overload")
                        .put("offered_per_second", over.offered() / over.seconds(), 0)
                        .put("peak_per_second", peak, 0)
                        .put("goodput_per_second", over.acceptedPerSecond(), 0)
                        .put("goodput_of_peak", goodput, 3)
                        .put("refused", over.refused())
                        .put("p99_unloaded_micros", unloaded.p99Micros())
                        .put("p99_accepted_micros", over.p99Micros())
                        .put("p99_ratio", ratio, 2)
                        .put("refused_a_second_after", after.refused())
                        .put("p99_a_second_after_micros", after.p99Micros())
                        .put("protocol", protocol)
                        .put("times", times)
                        .put("delay_micros", delayMicros)
                        .put("queueing_millis", queueingMillis)
                        .put("seconds", seconds));
        out.flush();
        return goodput >= GOODPUT_MIN
                        && ratio <= P99_RATIO_MAX
                        && over.refused() > 0
                        && after.refused() == 0
                        && afterRatio <= P99_RATIO_MAX
                ? 0
                : BenchMain.EXIT_BROKEN;
    }

    /** What is carried out where more than enough is asked for, with whatever is refused. */
    private double capacity(OpenLoop load) throws IOException {
        double guess = 2e6 / delayMicros;
        stretch(load, "warm-up", guess / 2, PROBE_SECONDS);
        return stretch(load, "capacity", guess, PROBE_SECONDS).acceptedPerSecond();
    }

    private static OpenLoop.Stretch stretch(
            OpenLoop load, String name, double perSecond, double forSeconds) throws IOException {
        OpenLoop.Stretch stretch =
                load.run(perSecond, forSeconds + UNCOUNTED_SECONDS, UNCOUNTED_SECONDS);
        tell(name, stretch);
        return stretch;
    }

    private static void tell(String name, OpenLoop.Stretch stretch) {
        Progress.say(
                "overload: %s: %.0f/s offered, %.0f/s done, %d refused, p50 %d us, p99 %d us",
                name,
                stretch.offered() / stretch.seconds(),
                stretch.acceptedPerSecond(),
                stretch.refused(),
                stretch.micros().getValueAtPercentile(50),
                stretch.p99Micros());
    }
}
