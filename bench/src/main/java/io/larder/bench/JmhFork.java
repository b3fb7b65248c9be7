package io.larder.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One JMH benchmark method in one JVM of its own: what a comparison is made of, since whoever
 * starts the forks one by one can let the sides take turns. What JMH says goes unheard unless the
 * fork fails. For one thread; blocks until the fork has ended.
 *
 * @param benchmark the class and method, {@code package.Class.method}
 * @param parameters of its states
 * @param threads that call it
 * @param jvmOptions of the fork, all of them
 * @param warmupSeconds before what counts
 * @param seconds that count
 */
public record JmhFork(
        String benchmark,
        Map<String, String> parameters,
        int threads,
        List<String> jvmOptions,
        int warmupSeconds,
        int seconds) {
    private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";

    /** JMH's own wish to be alone on the machine is not ours: tests run beside each other. */
    private static final String IGNORE_LOCK = "jmh.ignoreLock";

    public JmhFork {
        parameters = Map.copyOf(parameters);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /**
     * What a fork measured.
     *
     * @param nanos average time of an operation, as one thread sees it
     * @param bytes allocated by an operation, by JMH's GC profiler
     * @param events what the benchmark counted beside, by name; the most of any second
     */
    public record Score(double nanos, double bytes, Map<String, Double> events) {
        public Score {
            events = Map.copyOf(events);
        }
    }

    /**
     * Runs it.
     *
     * @throws BenchException if it fails, with what the fork said on standard error
     */
    public Score run() {
        System.setProperty(IGNORE_LOCK, "true");
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include("^" + benchmark.replace(".", "\\.") + "$")
                        .mode(Mode.AverageTime)
                        .forks(1)
                        .threads(threads)
                        .jvmArgs(jvmOptions.toArray(String[]::new))
                        .warmupIterations(warmupSeconds)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(seconds)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .shouldDoGC(false);
        parameters.forEach(options::param);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        try {
            Collection<RunResult> results =
                    new Runner(
                                    options.build(),
                                    OutputFormatFactory.createFormatInstance(
                                            out, VerboseMode.NORMAL))
                            .run();
            if (results.size() == 1) {
                return score(results.iterator().next());
            }
            throw new BenchException(benchmark + ": " + results.size() + " results (expected: 1)");
        } catch (RunnerException e) {
            Progress.say(said.toString(StandardCharsets.UTF_8));
            throw new BenchException(benchmark + " " + parameters + ": " + e.getMessage(), e);
        }
    }

    private static Score score(RunResult result) {
        double bytes = 0;
        Map<String, Double> events = new HashMap<>();
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(BYTES_PER_OPERATION)) {
                bytes = result.getSecondaryResults().get(name).getScore();
            } else {
                events.put(name, result.getSecondaryResults().get(name).getStatistics().getMax());
            }
        }
        return new Score(result.getPrimaryResult().getScore(), bytes, events);
    }
}
