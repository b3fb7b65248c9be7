package io.larder.bench.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.bench.replay.Request;
import io.larder.bench.replay.StoreLayout;
import io.larder.server.store.AccessSampler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code trace record} has written, as requests: look-ups, and stores that no look-up has led
 * to. Read once when it is opened, for what has to be known before, and again for each replay.
 */
/*
 * If the server halved its sample while it was recorded, only the keys that are left at the end
 * count, from the beginning. A miss says nothing of the size; the value that was stored afterwards
 * does, or any other of that key. A key of which no value was ever seen is nothing that a cache of
 * any size could have: it is left out, and counted.
 */
final class RecordedTrace {
    private static final String EXPECTED = " (expected: a file that trace record has written)";

    private final Path file;
    private final Map<Long, Request> values = new HashMap<>(); // the last known of each key
    private int bits;
    private long limitBytes;
    private long itemBytes;
    private long reads;
    private long unknown;
    private int bytesMax;

    /**
     * A step of the trace.
     *
     * @param request of a key, with what is known of its value
     * @param atMillis since the beginning
     * @param isRead whether it is a look-up; else it only stores
     */
    record Step(Request request, long atMillis, boolean isRead) {}

    private RecordedTrace(Path file) {
        this.file = file;
    }

    /**
     * Reads a trace.
     *
     * @throws BenchException if it is none, or has no read of a key with a value
     */
    static RecordedTrace open(Path file) {
        RecordedTrace trace = new RecordedTrace(file);
        trace.forEachLine(trace::survey);
        trace.forEach(step -> trace.reads += step.isRead ? 1 : 0);
        if (trace.reads == 0) {
            throw new BenchException(file + ": no read of a key with a value" + EXPECTED);
        }
        return trace;
    }

    private void survey(Fields line) {
        switch (line.head) {
            case "TRACE" -> {
                bits = (int) line.number("bits");
                limitBytes = line.number("limit_bytes");
                itemBytes = line.number("item_bytes");
            }
            case "THINNED" -> bits = (int) line.number("bits");
            case "HIT", "NEW", "OVERWRITE" -> {
                long bytes = line.number("bytes") - StoreLayout.ITEM_OVERHEAD_BYTES;
                if (bytes > 0 && bytes < Integer.MAX_VALUE) {
                    long key = line.key();
                    values.put(key, new Request(key, (int) bytes, line.number("ttl_millis")));
                    bytesMax = Math.max(bytesMax, (int) bytes);
                }
            }
            default -> {
                // says nothing of values
            }
        }
    }

    /** Hands every step over, in order. */
    void forEach(Consumer<Step> consumer) {
        Set<Long> missed = new HashSet<>();
        unknown = 0;
        forEachLine(
                line -> {
                    Step step = step(line, missed);
                    if (step != null) {
                        consumer.accept(step);
                    }
                });
    }

    private @Nullable Step step(Fields line, Set<Long> missed) {
        boolean isRead = line.head.equals("HIT") || line.head.equals("MISS");
        boolean isStore = line.head.equals("NEW");
        if (!isRead && !isStore) {
            return null;
        }
        long key = line.key();
        Request value = values.get(key);
        if (value == null || !AccessSampler.isKept(key, bits)) {
            unknown += isRead && value == null ? 1 : 0;
            return null;
        }
        if (line.head.equals("MISS")) {
            missed.add(key);
        } else if (isStore && missed.remove(key)) {
            return null; // the load that the miss has led to
        }
        return new Step(value, line.number("at_millis"), isRead);
    }

    private void forEachLine(Consumer<Fields> consumer) {
        long number = 0;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file), 1 << 16),
                                US_ASCII))) {
            String line = lines.readLine();
            while (line != null) {
                number++;
                consumer.accept(Fields.of(line));
                line = lines.readLine();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new BenchException(
                    file + ": line " + number + ": " + e.getMessage() + EXPECTED, e);
        }
    }

    /** A line: a head, and numbers by their names. */
    private record Fields(String head, Map<String, String> values) {
        static Fields of(String line) {
            String[] words = line.split(" ", -1);
            Map<String, String> values = new HashMap<>();
            for (int index = 1; index < words.length; index++) {
                int equals = words[index].indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(words[index] + ": no name=value");
                }
                values.put(words[index].substring(0, equals), words[index].substring(equals + 1));
            }
            return new Fields(words[0], values);
        }

        private String text(String name) {
            String text = values.get(name);
            if (text == null) {
                throw new IllegalArgumentException("no " + name);
            }
            return text;
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        long key() {
            return Long.parseUnsignedLong(text("key"), 16);
        }
    }

    /** The server's memory limit. */
    long limitBytes() {
        return limitBytes;
    }

    /** How many items of the mean size the server has room for, of the sample. */
    double itemsThatFit() {
        double meanItemBytes = bytesMean() + StoreLayout.ITEM_OVERHEAD_BYTES;
        return itemBytes / (double) (1L << bits) / meanItemBytes;
    }

    /** Bytes of a value, on average of all keys. */
    int bytesMean() {
        return (int)
                Math.max(1, values.values().stream().mapToInt(Request::bytes).average().orElse(1));
    }

    /** Bytes of the longest value. */
    int bytesMax() {
        return bytesMax;
    }

    /** Look-ups of keys that have a value. */
    long reads() {
        return reads;
    }

    /** Look-ups of keys of which no value was ever seen. */
    long unknown() {
        return unknown;
    }

    /** One key in {@code 1 << bits} is in it. */
    int bits() {
        return bits;
    }

    /** Keys that have a value. */
    int keys() {
        return values.size();
    }
}
