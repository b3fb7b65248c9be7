package io.larder.bench.ycsb;

import io.larder.bench.BenchException;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.bench.ycsb.YcsbClientProcess.Phase;
import io.larder.client.Larder;
import io.larder.client.api.LarderException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One run of one YCSB workload against one server: load, run, judge. For one thread. */
final class YcsbRun {
    private static final int BYTES_PER_MIB = 1 << 20;
    private static final List<String> SERVER_STATS = List.of("evictions", "uncaught_errors");

    private final Plan plan;
    private final String target;
    private final @Nullable ServerProcess server; // null if somebody else runs it

    private YcsbRun(Plan plan, String target, @Nullable ServerProcess server) {
        this.plan = plan;
        this.target = target;
        this.server = server;
    }

    /**
     * What to run.
     *
     * @param workload its letter
     * @param file its properties
     * @param records to load
     * @param operations to run
     * @param threads of YCSB, fewer if there is less to do
     * @param target HOST:PORT of a running server; null to start one
     * @param properties for YCSB
     * @param definitions for the server to be started, each key=value
     */
    record Plan(
            String workload,
            Path file,
            int records,
            int operations,
            int threads,
            @Nullable String target,
            Map<String, String> properties,
            List<String> definitions) {}

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param failed calls that failed, in both phases
     */
    record Outcome(ResultLine result, long failed) {}

    /**
     * Runs a plan and prints YCSB's summary of the run (the load's goes to standard error).
     *
     * @throws BenchException if there is nothing to report
     */
    static Outcome run(Plan plan, PrintWriter out) {
        if (plan.target() != null) {
            return new YcsbRun(plan, plan.target(), null).loadAndRun(out);
        }
        try (ServerProcess server = ServerProcess.open(plan.definitions())) {
            Outcome outcome = new YcsbRun(plan, server.ready().data(), server).loadAndRun(out);
            server.stop();
            return outcome;
        }
    }

    private Outcome loadAndRun(PrintWriter out) {
        Progress.say("loading %d records into %s", plan.records(), target);
        YcsbSummary load = phase(Phase.LOAD, plan.records(), Map.of(), Progress::say);
        requireDone(Phase.LOAD, load, expectedInserts());
        Progress.say("running %d operations of workload %s", plan.operations(), plan.workload());
        try (LatencyLogs logs = LatencyLogs.create()) {
            long cpuMicrosBefore = server == null ? 0 : server.usage().cpuMicros();
            Map<String, String> histograms = logs.properties();
            YcsbSummary run = phase(Phase.RUN, plan.operations(), histograms, out::println);
            out.flush();
            requireDone(Phase.RUN, run, expectedOperations());
            ResultLine result = describe(load, run, logs.calls());
            addServerFigures(result, run, cpuMicrosBefore);
            return new Outcome(result, load.failed() + run.failed());
        }
    }

    private YcsbSummary phase(
            Phase phase, int steps, Map<String, String> own, Consumer<String> output) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("status.interval", "5");
        properties.putAll(plan.properties());
        properties.put("recordcount", Integer.toString(plan.records()));
        properties.put("operationcount", Integer.toString(plan.operations()));
        properties.put("threadcount", Integer.toString(Math.min(plan.threads(), steps)));
        properties.put(YcsbProperties.URI, "larder://" + target);
        properties.putAll(own);
        return YcsbSummary.parse(YcsbClientProcess.run(phase, plan.file(), properties, output));
    }

    private long expectedInserts() {
        String insertCount = plan.properties().get("insertcount");
        return insertCount == null ? plan.records() : Long.parseLong(insertCount);
    }

    /** None in particular if the time is limited, but one at least. */
    private long expectedOperations() {
        return plan.properties().containsKey("maxexecutiontime") ? 1 : plan.operations();
    }

    private static void requireDone(Phase phase, YcsbSummary summary, long expected) {
        if (summary.operations() < expected || summary.calls() < expected) {
            throw new BenchException(
                    phase
                            + ": "
                            + summary.operations()
                            + " operations, "
                            + summary.calls()
                            + " calls (expected: "
                            + expected
                            + "); see YCSB's output above");
        }
    }

    private ResultLine describe(YcsbSummary load, YcsbSummary run, Histogram calls) {
        ResultLine line =
                ResultLine.of("ycsb")
                        .put("workload", plan.workload())
                        .put("records", plan.records())
                        .put("operations", run.operations())
                        .put("threads", plan.threads())
                        .put("failed", load.failed() + run.failed())
                        .put("misses", run.misses());
        if (run.total("VERIFY") > 0) {
            line.put("verified", run.verified());
        }
        return line.put("throughput", run.throughput(), 1)
                .put("p50_micros", calls.getValueAtPercentile(50))
                .put("p99_micros", calls.getValueAtPercentile(99))
                .put("p999_micros", calls.getValueAtPercentile(99.9))
                .put("runtime_millis", run.runtimeMillis(), 0)
                .put("load_throughput", load.throughput(), 1);
    }

    private void addServerFigures(ResultLine line, YcsbSummary run, long cpuMicrosBefore) {
        if (server != null) {
            ProcessUsage usage = server.usage();
            double cpuMicros = usage.cpuMicros() - cpuMicrosBefore;
            line.put("server_cpu_micros_per_op", cpuMicros / run.operations(), 2)
                    .put("server_rss_mib", usage.residentBytes() / BYTES_PER_MIB)
                    .put("server_rss_peak_mib", usage.residentBytesPeak() / BYTES_PER_MIB);
        }
        Map<String, String> stats = serverStats();
        for (String name : SERVER_STATS) {
            String value = stats.get(name);
            if (value != null) {
                line.put("server_" + name, value);
            }
        }
    }

    private Map<String, String> serverStats() {
        try (Larder client = Larder.connect("larder://" + target)) {
            return client.stats();
        } catch (LarderException e) {
            throw new BenchException("server statistics: " + e.getMessage(), e);
        }
    }
}
