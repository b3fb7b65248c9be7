package io.larder.bench.replay;

import io.larder.bench.BenchException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A file of requests, one a line: {@code key}, {@code key,bytes} or {@code key,bytes,ttlMillis},
 * plain or compressed by gzip. Empty lines are skipped.
 */
public final class TraceFile implements Requests {
    private static final int GZIP_MAGIC_0 = 0x1F;
    private static final int GZIP_MAGIC_1 = 0x8B;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String EXPECTED = " (expected: key[,bytes[,ttlMillis]])";

    private final Path path;

    /** The trace in this file. */
    public TraceFile(Path path) {
        this.path = path;
    }

    /**
     * Hands every request over, in order.
     *
     * @throws BenchException if the file cannot be read, or naming the line that is not a request
     */
    @Override
    public void forEach(Consumer<Request> consumer) {
        long number = 0;
        try (BufferedReader reader = open()) {
            String line = reader.readLine();
            while (line != null) {
                number++;
                if (!line.isEmpty()) {
                    consumer.accept(parse(line, number));
                }
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw new BenchException(path + ": after line " + number + ": " + e, e);
        }
    }

    private BufferedReader open() throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        raw.mark(2);
        boolean compressed = raw.read() == GZIP_MAGIC_0 && raw.read() == GZIP_MAGIC_1;
        raw.reset();
        InputStream text = compressed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
        return new BufferedReader(
                new InputStreamReader(text, StandardCharsets.ISO_8859_1), BUFFER_BYTES);
    }

    private Request parse(String line, long number) {
        int first = line.indexOf(',');
        if (first < 0) {
            return new Request(hashOf(line, line.length()), 0, 0);
        }
        if (first == 0) {
            throw wrong(number, line, "no key");
        }
        int second = line.indexOf(',', first + 1);
        int bytesEnd = second < 0 ? line.length() : second;
        long bytes = number(line, number, first + 1, bytesEnd, Integer.MAX_VALUE, "bytes");
        long ttlMillis =
                second < 0
                        ? 0
                        : number(line, number, second + 1, line.length(), 1L << 40, "ttlMillis");
        return new Request(hashOf(line, first), (int) bytes, ttlMillis);
    }

    private long number(String line, long number, int start, int end, long max, String name) {
        long value;
        try {
            value = Long.parseLong(line, start, end, 10);
        } catch (NumberFormatException e) {
            throw wrong(number, line, name + " is no number");
        }
        if (value < 0 || value > max) {
            throw wrong(number, line, name + " not in 0.." + max);
        }
        return value;
    }

    private BenchException wrong(long number, String line, String what) {
        String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        return new BenchException(
                path + ": line " + number + ": \"" + shown + "\": " + what + EXPECTED);
    }

    /** 64 bits of which no two keys of a trace share all. */
    private static long hashOf(String line, int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ line.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        hash *= 0xBF58476D1CE4E5B9L;
        return hash ^ (hash >>> 32);
    }
}
