package io.larder.bench.ycsb;

import static io.larder.bench.OptionChecks.requireRange;
import static io.larder.bench.OptionChecks.wrong;

import io.larder.bench.BenchMain;
import io.larder.bench.LarderHome;
import io.larder.bench.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench ycsb}: the arguments of a run of YCSB, checked, and handed to {@link YcsbRun}. */
@Command(
        name = "ycsb",
        description = "Loads YCSB's records into Larder, then runs one of its workloads.",
        mixinStandardHelpOptions = true)
public final class YcsbCommand implements Callable<Integer> {
    private static final Pattern TARGET = Pattern.compile("\\S+:\\d{1,5}");

    /** Properties that the command sets itself, and what to use in their place. */
    private static final Map<String, String> OWN_PROPERTIES =
            Map.of(
                    "recordcount",
                    "--records",
                    "operationcount",
                    "--operations",
                    "threadcount",
                    "--threads",
                    YcsbProperties.URI,
                    "--target",
                    "db",
                    "nothing: it is Larder's",
                    "dotransactions",
                    "nothing: it loads, then runs",
                    "exporter",
                    "nothing: the text is judged",
                    "exportfile",
                    "nothing: the text is judged",
                    "measurementtype",
                    "nothing: histograms are judged",
                    "hdrhistogram.output.path",
                    "nothing: histograms are judged");

    @Option(
            names = "--workload",
            required = true,
            description = "One of ${COMPLETION-CANDIDATES}: conf/ycsb/workload<letter>.")
    private Workload workload = Workload.a;

    @Option(names = "--records", description = "Records to load; default ${DEFAULT-VALUE}.")
    private int records = 100_000;

    @Option(names = "--operations", description = "Operations to run; default ${DEFAULT-VALUE}.")
    private int operations = 100_000;

    @Option(names = "--threads", description = "YCSB's client threads; default ${DEFAULT-VALUE}.")
    private int threads = 8;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "A running server; without it the command starts one of its own.")
    private @Nullable String target;

    @Option(names = "-p", paramLabel = "KEY=VALUE", description = "A property of YCSB.")
    private Map<String, String> ycsbProperties = new LinkedHashMap<>();

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "A setting of the own server.")
    private List<String> definitions = List.of();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** YCSB's six standard workloads. */
    enum Workload {
        a,
        b,
        c,
        d,
        e,
        f
    }

    /** For picocli. */
    public YcsbCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--records", records, 1, Integer.MAX_VALUE);
        requireRange(spec, "--operations", operations, 1, Integer.MAX_VALUE);
        requireRange(spec, "--threads", threads, 1, Integer.MAX_VALUE);
        checkTarget();
        checkProperties();
        Path file =
                LarderHome.find().resolve("conf").resolve("ycsb").resolve("workload" + workload);
        YcsbRun.Plan plan =
                new YcsbRun.Plan(
                        workload.name(),
                        file,
                        records,
                        operations,
                        threads,
                        target,
                        ycsbProperties,
                        definitions);
        PrintWriter out = spec.commandLine().getOut();
        YcsbRun.Outcome outcome = YcsbRun.run(plan, out);
        out.println(outcome.result());
        out.flush();
        if (outcome.failed() > 0) {
            Progress.say("ycsb: %d operations failed", outcome.failed());
            return BenchMain.EXIT_BROKEN;
        }
        return 0;
    }

    private void checkTarget() {
        if (target != null && !TARGET.matcher(target).matches()) {
            throw wrong(spec, "--target: " + target + " (expected: HOST:PORT)");
        }
        if (target != null && !definitions.isEmpty()) {
            throw wrong(spec, "-D: " + definitions + " (expected: none with --target)");
        }
        for (String definition : definitions) {
            if (definition.indexOf('=') < 1) {
                throw wrong(spec, "-D: " + definition + " (expected: key=value)");
            }
        }
    }

    private void checkProperties() {
        Set<String> given = ycsbProperties.keySet();
        for (String key : given) {
            String instead = OWN_PROPERTIES.get(key.toLowerCase(Locale.ROOT));
            if (instead != null) {
                throw wrong(spec, "-p " + key + ": taken (expected: " + instead + ")");
            }
        }
    }
}
