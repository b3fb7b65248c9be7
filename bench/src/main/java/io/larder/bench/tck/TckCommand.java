package io.larder.bench.tck;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tck}: JSR-107's compatibility kit. */
@Command(
        name = "tck",
        description = "Runs JSR-107's compatibility kit against the JCache provider and a server.",
        mixinStandardHelpOptions = true)
public final class TckCommand implements Callable<Integer> {
    private static final int CYCLES_MAX = 10_000;

    /** A kit that has lost tests on the way is no kit: one run has 478. */
    private static final int TESTS_MIN = 400;

    /** What the kit, and the provider under it, are told by system properties. */
    private static final Map<String, String> PROPERTIES =
            Map.of(
                    "larder.jcache.codecs",
                    "io.larder.client.jcache.tck.SerializedCodecs",
                    "javax.cache.CacheManager",
                    "io.larder.client.jcache.LarderCacheManager",
                    "javax.cache.Cache",
                    "io.larder.client.jcache.LarderCache",
                    "javax.cache.Cache.Entry",
                    "io.larder.client.jcache.Pair");

    private static final String URI = "larder.uri";

    @Option(names = "--cycles", description = "How often the kit runs; default ${DEFAULT-VALUE}.")
    private int cycles = 1;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "A server that runs, whose caches of the kit's names are emptied.")
    private @Nullable String target;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public TckCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--cycles", cycles, 1, CYCLES_MAX);
        KitRun kit = new KitRun();
        if (target != null) {
            runCycles(kit, target);
        } else {
            try (ServerProcess server = ServerProcess.open(List.of("store.memory=64m"))) {
                runCycles(kit, server.ready().listeners().getOrDefault("data", ""));
                server.stop();
            }
        }
        if (kit.runTests() < (long) TESTS_MIN * cycles) {
            throw new BenchException(
                    "tck: " + kit.runTests() + " tests ran (expected: " + TESTS_MIN + " or more)");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("tck")
                        .put("run", kit.runTests())
                        .put("failed", kit.failedTests())
                        .put("skipped", kit.skippedTests()));
        out.flush();
        return kit.failedTests() == 0 ? 0 : BenchMain.EXIT_BROKEN;
    }

    private void runCycles(KitRun kit, String hostAndPort) {
        PROPERTIES.forEach(System::setProperty);
        System.setProperty(URI, "larder://" + hostAndPort);
        try {
            for (int cycle = 0; cycle < cycles; cycle++) {
                kit.run();
            }
        } finally {
            PROPERTIES.keySet().forEach(System::clearProperty);
            System.clearProperty(URI);
        }
    }
}
