package io.larder.bench.replay;

import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench traces}: makes files that {@code bench replay} reads of the traces that come with
 * Caffeine's simulator.
 */
@Command(
        name = "traces",
        description = "Converts the traces inside Caffeine's simulator to one request a line.",
        mixinStandardHelpOptions = true)
public final class TracesCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            required = true,
            description = "The directory the files go to; made if it is not there.")
    private Path out = Path.of("");

    @Option(
            names = "--simulator",
            description = "The artifact's jar; default: where Maven keeps it.")
    private Path simulator = SimulatorJar.inRepository();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public TracesCommand() {}

    @Override
    public Integer call() {
        List<SimulatorTrace> traces = List.of(SimulatorTrace.all());
        long requests = new SimulatorJar(simulator).convert(traces, out);
        PrintWriter result = spec.commandLine().getOut();
        result.println(
                ResultLine.of("traces").put("traces", traces.size()).put("requests", requests));
        result.flush();
        return 0;
    }
}
