package io.larder.bench.replay;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench traces}: makes files that {@code bench replay} reads of the traces that come with
 * Caffeine's simulator. Of 96 MB, so it is no dependency: it is fetched when asked for, and opened
 * as a zip.
 */
@Command(
        name = "traces",
        description = "Converts the traces inside Caffeine's simulator to one request a line.",
        mixinStandardHelpOptions = true)
public final class TracesCommand implements Callable<Integer> {
    private static final String ARTIFACT = "com.github.ben-manes.caffeine:simulator:3.2.3";
    private static final Path IN_REPOSITORY =
            Path.of("com/github/ben-manes/caffeine/simulator/3.2.3/simulator-3.2.3.jar");

    @Option(
            names = "--out",
            required = true,
            description = "The directory the files go to; made if it is not there.")
    private Path out = Path.of("");

    @Option(
            names = "--simulator",
            description = "The artifact's jar; default: where Maven keeps it.")
    private Path simulator =
            Path.of(System.getProperty("user.home"), ".m2", "repository").resolve(IN_REPOSITORY);

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public TracesCommand() {}

    @Override
    public Integer call() {
        if (!Files.isRegularFile(simulator)) {
            throw new BenchException(
                    "--simulator: "
                            + simulator
                            + " (expected: the jar; this fetches it: mvn dependency:get"
                            + " -Dtransitive=false -Dartifact="
                            + ARTIFACT
                            + ")");
        }
        long requests = 0;
        SimulatorTrace[] traces = SimulatorTrace.all();
        try (ZipFile zip = new ZipFile(simulator.toFile())) {
            Files.createDirectories(out);
            for (SimulatorTrace trace : traces) {
                requests += convert(zip, trace);
            }
        } catch (IOException e) {
            throw new BenchException(simulator + " to " + out + ": " + e, e);
        }
        PrintWriter result = spec.commandLine().getOut();
        result.println(
                ResultLine.of("traces").put("traces", traces.length).put("requests", requests));
        result.flush();
        return 0;
    }

    private long convert(ZipFile zip, SimulatorTrace trace) throws IOException {
        ZipEntry entry = zip.getEntry(SimulatorTrace.ROOT + trace.entry());
        if (entry == null) {
            throw new BenchException(
                    simulator + ": no " + trace.entry() + " (expected: that of " + ARTIFACT + ")");
        }
        Path file = out.resolve(trace.name() + ".gz");
        Path unfinished = out.resolve(trace.name() + ".gz.part");
        long requests;
        try (InputStream in = zip.getInputStream(entry);
                Writer writer =
                        new OutputStreamWriter(
                                new GZIPOutputStream(Files.newOutputStream(unfinished), 1 << 16),
                                StandardCharsets.ISO_8859_1)) {
            requests = trace.convert(in, writer);
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        Progress.say("traces: %s, %,d requests", file, requests);
        return requests;
    }
}
