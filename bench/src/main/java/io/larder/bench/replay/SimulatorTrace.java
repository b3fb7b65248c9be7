package io.larder.bench.replay;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * One of the traces inside the simulator of Caffeine, and how it is written there.
 *
 * @param entry where it lies below {@link #ROOT}; {@code .gz} or {@code .xz}
 */
public record SimulatorTrace(String name, String entry, Format format) {
    static final String ROOT = "com/github/benmanes/caffeine/cache/simulator/parser/";

    /** How a trace says its keys. */
    public enum Format {
        /** A number a line; other lines begin with a star. */
        NUMBERS,
        /** A word of text a line. */
        WORDS,
        /** Big-endian integers of four bytes. */
        INTS,
        /** Big-endian integers of eight bytes. */
        LONGS,
        /** Lines of {@code time id size}. */
        SIZES,
        /** Lines of {@code kind address number}. */
        ADDRESSES
    }

    /** Those that are known. */
    public static SimulatorTrace[] all() {
        return new SimulatorTrace[] {
            numbers("2_pools"),
            numbers("backf"),
            numbers("cpp"),
            numbers("cs"),
            numbers("gli"),
            numbers("loop"),
            numbers("multi1"),
            numbers("multi2"),
            numbers("multi3"),
            numbers("ps"),
            numbers("scan"),
            numbers("sprite"),
            numbers("zigzag"),
            new SimulatorTrace("orm-busy", "cache2k/orm-busy.trace.xz", Format.INTS),
            new SimulatorTrace("orm-night", "cache2k/orm-night.trace.xz", Format.INTS),
            new SimulatorTrace("web07", "cache2k/web07.trace.xz", Format.INTS),
            new SimulatorTrace("web12", "cache2k/web12.trace.xz", Format.INTS),
            new SimulatorTrace("w106", "cloud_physics/w106.trace.xz", Format.INTS),
            new SimulatorTrace("corda", "corda/trace_vaultservice.gz", Format.LONGS),
            new SimulatorTrace("corda-large", "corda/trace_vaultservice_large.gz", Format.LONGS),
            new SimulatorTrace("scarab", "scarab/scarab-recs.trace.xz", Format.LONGS),
            new SimulatorTrace("gradle", "gradle/build-cache.xz", Format.WORDS),
            new SimulatorTrace("adapt_size", "adapt_size/request.trace.xz", Format.SIZES),
            addresses("gcc"),
            addresses("gzip"),
            addresses("mcf"),
            addresses("swim"),
            addresses("twolf"),
        };
    }

    private static SimulatorTrace numbers(String name) {
        return new SimulatorTrace(name, "lirs/" + name + ".trace.gz", Format.NUMBERS);
    }

    private static SimulatorTrace addresses(String name) {
        return new SimulatorTrace(name, "address/" + name + ".trace.gz", Format.ADDRESSES);
    }

    /** What its file is called once it is converted. */
    public String fileName() {
        return name + ".gz";
    }

    /** Writes the trace's requests a line each; returns how many. */
    long convert(InputStream compressed, Writer out) throws IOException {
        InputStream in =
                entry.endsWith(".xz")
                        ? new XZInputStream(compressed)
                        : new GZIPInputStream(compressed);
        return switch (format) {
            case INTS, LONGS -> convertIntegers(in, out);
            default -> convertLines(in, out);
        };
    }

    private long convertIntegers(InputStream in, Writer out) throws IOException {
        DataInputStream data = new DataInputStream(new BufferedInputStream(in, 1 << 16));
        long requests = 0;
        while (true) {
            long key;
            try {
                key = format == Format.INTS ? data.readInt() : data.readLong();
            } catch (EOFException e) {
                return requests;
            }
            out.write(Long.toString(key));
            out.write('\n');
            requests++;
        }
    }

    private long convertLines(InputStream in, Writer out) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        long requests = 0;
        String line = lines.readLine();
        while (line != null) {
            String request = requestOf(line.strip());
            if (request != null) {
                out.write(request);
                out.write('\n');
                requests++;
            }
            line = lines.readLine();
        }
        return requests;
    }

    private @Nullable String requestOf(String line) {
        if (line.isEmpty() || (format == Format.NUMBERS && line.startsWith("*"))) {
            return null;
        }
        String[] words = line.split("\\s+", -1);
        return switch (format) {
            case SIZES -> words.length == 3 ? words[1] + "," + words[2] : null;
            case ADDRESSES -> words.length == 3 ? words[1] : null;
            default -> line;
        };
    }
}
