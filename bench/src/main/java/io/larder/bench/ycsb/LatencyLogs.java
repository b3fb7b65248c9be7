package io.larder.bench.ycsb;

import io.larder.bench.BenchException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * The directory into which YCSB writes one histogram log for each kind of call, and the one
 * histogram of all calls that it makes of them: YCSB's summary has percentiles for each kind only.
 * Latencies are in microseconds. Closing it removes the directory.
 */
final class LatencyLogs implements AutoCloseable {
    private static final int SIGNIFICANT_DIGITS = 3; // YCSB's own
    private static final String SUFFIX = ".hdr";

    private final Path directory;

    private LatencyLogs(Path directory) {
        this.directory = directory;
    }

    static LatencyLogs create() {
        try {
            return new LatencyLogs(Files.createTempDirectory("larder-ycsb"));
        } catch (IOException e) {
            throw new BenchException("latency logs: " + e.getMessage(), e);
        }
    }

    /** What makes YCSB write them. */
    Map<String, String> properties() {
        return Map.of(
                "measurementtype", "hdrhistogram",
                "hdrhistogram.fileoutput", "true",
                "hdrhistogram.output.path", directory + File.separator);
    }

    /** All single calls, failed ones too: not a READ-MODIFY-WRITE, which is made of two of them. */
    Histogram calls() {
        Histogram calls = new Histogram(SIGNIFICANT_DIGITS);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(LatencyLogs::isCall).toList()) {
                addAll(file, calls);
            }
        } catch (IOException e) {
            throw new BenchException("latency logs: " + e.getMessage(), e);
        }
        return calls;
    }

    private static boolean isCall(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX)
                && Stream.of("READ", "UPDATE", "INSERT", "SCAN", "DELETE")
                        .anyMatch(c -> name.equals(c + SUFFIX) || name.equals(c + "-FAILED.hdr"));
    }

    private static void addAll(Path file, Histogram sum) throws IOException {
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram interval = reader.nextIntervalHistogram();
                    interval != null;
                    interval = reader.nextIntervalHistogram()) {
                sum.add((AbstractHistogram) interval);
            }
        }
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
