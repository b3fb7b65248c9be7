package io.larder.bench.operate;

import static io.larder.bench.OptionChecks.requireRange;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.AdminLines;
import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Median;
import io.larder.bench.PacedCalls;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench admin}: whether operators who look at a server slow its clients down. */
@Command(
        name = "admin",
        description =
                "Compares what a get takes beside an operator who asks without a pause with what it"
                        + " takes alone.",
        mixinStandardHelpOptions = true)
public final class AdminCommand implements Callable<Integer> {
    private static final int KEYS = 20_000;
    private static final List<String> LINES =
            List.of(
                    "stats",
                    "stats shards",
                    "json stats",
                    "client list",
                    "config get",
                    "count key:",
                    "bigkeys 5",
                    "scan 0 key: 50",
                    "help");

    @Option(names = "--seconds", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(
            names = "--warmup",
            description = "Seconds beside an operator, not counted; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 30;

    @Option(names = "--rounds", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--rate", description = "Gets a second; default ${DEFAULT-VALUE}.")
    private int rate = 2_000;

    @Option(
            names = "--ratio-max",
            description = "What the p99 may grow by; default ${DEFAULT-VALUE}.")
    private double ratioMax = 1.25;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public AdminCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--seconds", seconds, 1, 3_600);
        requireRange(spec, "--warmup", warmupSeconds, 1, 600);
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--rate", rate, 1, 1_000_000);
        try (ServerProcess server = ServerProcess.open(List.of("store.memory=64m"));
                Larder larder = Larder.connect("larder://" + server.ready().data())) {
            BytesCache cache = larder.cache();
            for (int key = 0; key < KEYS; key++) {
                cache.put(key(key), new byte[100]);
            }
            String admin = server.ready().listeners().getOrDefault("admin", "");
            warmUp(cache, admin);
            return measure(cache, admin);
        }
    }

    /** Both sides: code that has run seldom is slow, and is being compiled. */
    private void warmUp(BytesCache cache, String admin) throws IOException {
        Progress.say("admin: warming up for %d s", warmupSeconds);
        Operator operator = Operator.begin(admin, new LongAdder());
        try {
            var unused = gets(cache, warmupSeconds);
        } finally {
            operator.end();
        }
    }

    private static byte[] key(long number) {
        return ("key:" + number % KEYS).getBytes(UTF_8);
    }

    private int measure(BytesCache cache, String admin) throws IOException {
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        LongAdder lines = new LongAdder();
        for (int round = 1; round <= rounds; round++) {
            double quiet = gets(cache, seconds).getValueAtPercentile(99);
            double watched;
            Operator operator = Operator.begin(admin, lines);
            try {
                watched = gets(cache, seconds).getValueAtPercentile(99);
            } finally {
                operator.end();
            }
            alone.add(quiet);
            beside.add(watched);
            Progress.say("admin: round %d: p99 %.0f µs alone, %.0f beside", round, quiet, watched);
        }
        if (lines.sum() == 0) {
            throw new BenchException("admin: no line was answered (expected: some)");
        }
        double ratio = Median.of(beside).value() / Median.of(alone).value();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("admin")
                        .put("p99_micros_alone", Median.of(alone).value(), 0)
                        .put("p99_micros_beside", Median.of(beside).value(), 0)
                        .put("p99_ratio", ratio, 2)
                        .put("admin_lines", lines.sum())
                        .put("gets_per_second", rate)
                        .put("rounds", rounds));
        out.flush();
        return ratio <= ratioMax ? 0 : BenchMain.EXIT_BROKEN;
    }

    private Histogram gets(BytesCache cache, int seconds) {
        return PacedCalls.micros(
                rate,
                seconds,
                call -> {
                    if (cache.get(key(call)).isEmpty()) {
                        throw new BenchException("admin: a get missed (expected: hits only)");
                    }
                });
    }

    /** Asks one thing after the other, as fast as it is answered. */
    private static final class Operator {
        private final Thread thread;
        private final AdminLines admin;
        private volatile boolean stopped;

        private Operator(AdminLines admin, LongAdder lines) {
            this.admin = admin;
            thread = new Thread(() -> run(lines), "operator");
        }

        static Operator begin(String address, LongAdder lines) throws IOException {
            Operator operator = new Operator(AdminLines.connect(address), lines);
            operator.thread.start();
            return operator;
        }

        private void run(LongAdder lines) {
            try {
                for (int next = 0; !stopped; next++) {
                    String line = LINES.get(next % LINES.size());
                    if (line.startsWith("json ")) {
                        admin.askJson(line.substring("json ".length()));
                    } else if (admin.ask(line).get(0).startsWith("ERROR")) {
                        throw new BenchException("admin: " + line + " was refused");
                    }
                    lines.increment();
                }
            } catch (IOException e) {
                throw new BenchException("admin: " + e);
            }
        }

        void end() throws IOException {
            stopped = true;
            OperateLoad.join(thread);
            admin.close();
        }
    }
}
