package io.larder.bench.console;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench console}: whether the console shows what goes on, in a real browser. */
@Command(
        name = "console",
        description =
                "Opens the console of a server under load in headless Chromium, looks whether it"
                        + " lives, and takes pictures.",
        mixinStandardHelpOptions = true)
public final class ConsoleCommand implements Callable<Integer> {
    /** What has to be found, by its name, for the promise to hold. */
    private static final Map<String, String> EXPECTED =
            Map.ofEntries(
                    Map.entry("charts_moved", "4"),
                    Map.entry("curve_points", "6"),
                    Map.entry("hot_key", "first"),
                    Map.entry("markup", "0"),
                    Map.entry("console_errors", "0"),
                    Map.entry("requests_elsewhere", "0"),
                    Map.entry("series_points", "300"),
                    Map.entry("page", "steady"),
                    Map.entry("phone", "fits"),
                    Map.entry("connections_left", "0"),
                    Map.entry("listeners_added", "0"));

    @Option(
            names = "--seconds",
            description = "How long to look at one page; default ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(names = "--rate", description = "Calls a second of the load; default ${DEFAULT-VALUE}.")
    private int rate = 2_000;

    @Option(
            names = "--out",
            paramLabel = "DIRECTORY",
            description = "Where pictures go; default ${DEFAULT-VALUE}.")
    private Path out = Path.of("results", "console");

    @Option(
            names = "--chromium",
            paramLabel = "FILE",
            description = "The browser; default: the one on the PATH.")
    private @Nullable Path chromium;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public ConsoleCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--seconds", seconds, 10, 600);
        requireRange(spec, "--rate", rate, 100, 20_000);
        Browser browser = Browser.find(chromium);
        Files.createDirectories(out);
        List<String> settings = List.of("store.memory=16m", "slow-log.threshold=1ms");
        try (ServerProcess server = ServerProcess.open(settings)) {
            String url = "http://" + server.ready().listeners().getOrDefault("http", "") + '/';
            ConsoleLoad load = ConsoleLoad.begin("larder://" + server.ready().data(), rate);
            Map<String, String> found;
            try (load) {
                found = browser.look(url, ConsoleLoad.HOT, seconds, out.toAbsolutePath());
            }
            requireRun(load);
            server.stop();
            return report(found, load.operations());
        }
    }

    private static void requireRun(ConsoleLoad load) {
        if (!load.failure().isEmpty() || load.operations() == 0) {
            throw new BenchException(
                    "console: the load made "
                            + load.operations()
                            + " calls (expected: to the end); "
                            + load.failure());
        }
    }

    private int report(Map<String, String> found, long operations) {
        boolean holds = true;
        for (Map.Entry<String, String> expected : new TreeMap<>(EXPECTED).entrySet()) {
            String value = found.get(expected.getKey());
            if (!expected.getValue().equals(value)) {
                Progress.say(
                        "console: %s: %s (expected: %s)",
                        expected.getKey(), value, expected.getValue());
                holds = false;
            }
        }
        ResultLine result = ResultLine.of("console");
        found.forEach(result::put);
        result.put("operations", operations).put("pictures", out.toAbsolutePath());
        PrintWriter printer = spec.commandLine().getOut();
        printer.println(result);
        printer.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}
