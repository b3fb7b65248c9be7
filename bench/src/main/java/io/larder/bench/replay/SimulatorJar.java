package io.larder.bench.replay;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The jar of Caffeine's simulator and the traces in it. Of 96 MB, so it is no dependency: it is
 * fetched when asked for, and opened as a zip.
 */
public final class SimulatorJar {
    private static final String ARTIFACT = "com.github.ben-manes.caffeine:simulator:3.2.3";
    private static final Path IN_REPOSITORY =
            Path.of("com/github/ben-manes/caffeine/simulator/3.2.3/simulator-3.2.3.jar");

    private final Path jar;

    /**
     * @param jar the artifact's
     * @throws BenchException saying how to get it, if it is not there
     */
    public SimulatorJar(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new BenchException(
                    "--simulator: "
                            + jar
                            + " (expected: the jar; this fetches it: mvn dependency:get"
                            + " -Dtransitive=false -Dartifact="
                            + ARTIFACT
                            + ")");
        }
        this.jar = jar;
    }

    /** Where Maven keeps it. */
    public static Path inRepository() {
        return Path.of(System.getProperty("user.home"), ".m2", "repository").resolve(IN_REPOSITORY);
    }

    /**
     * Writes traces as files that {@link TraceFile} reads, named after them.
     *
     * @param target a directory, made if it is not there
     * @return how many requests they have
     * @throws BenchException if one is not there, or cannot be written
     */
    public long convert(Collection<SimulatorTrace> traces, Path target) {
        long requests = 0;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Files.createDirectories(target);
            for (SimulatorTrace trace : traces) {
                requests += convert(zip, trace, target);
            }
        } catch (IOException e) {
            throw new BenchException(jar + " to " + target + ": " + e, e);
        }
        return requests;
    }

    private long convert(ZipFile zip, SimulatorTrace trace, Path target) throws IOException {
        ZipEntry entry = zip.getEntry(SimulatorTrace.ROOT + trace.entry());
        if (entry == null) {
            throw new BenchException(
                    jar + ": no " + trace.entry() + " (expected: that of " + ARTIFACT + ")");
        }
        Path file = target.resolve(trace.fileName());
        Path unfinished = target.resolve(trace.fileName() + ".part");
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
