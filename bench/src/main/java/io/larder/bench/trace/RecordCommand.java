package io.larder.bench.trace;

import static io.larder.bench.OptionChecks.requireRange;
import static io.larder.bench.OptionChecks.wrong;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trace record}: writes down what a live server tells of the keys of its sample. */
@Command(
        name = "record",
        description = "Records what happens to a sample of a live server's keys.",
        mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("(.+):([0-9]{1,5})");
    private static final int SECONDS_MAX = 86_400;
    private static final int WAIT_MILLIS = 200;
    private static final int LINE_CHARACTERS_MAX = 1_000;

    @Option(
            names = "--admin",
            description = "Where the server's telnet admin listens; default ${DEFAULT-VALUE}.")
    private String admin = "127.0.0.1:7171";

    @Option(
            names = "--out",
            required = true,
            description = "The file that is written, compressed by gzip.")
    private Path out = Path.of("");

    @Option(names = "--seconds", description = "For how long; default ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    private long records;
    private long reads;
    private long lost;

    RecordCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        Matcher address = ADDRESS.matcher(admin);
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
            throw wrong(spec, "--admin: " + admin + " (expected: HOST:PORT)");
        }
        try (Socket socket = new Socket(address.group(1), Integer.parseInt(address.group(2)));
                Writer file =
                        new OutputStreamWriter(
                                new GZIPOutputStream(Files.newOutputStream(out), 1 << 16),
                                US_ASCII)) {
            record(socket, file);
        } catch (IOException e) {
            throw new BenchException(admin + " to " + out + ": " + e, e);
        }
        PrintWriter result = spec.commandLine().getOut();
        result.println(
                ResultLine.of("trace_record")
                        .put("records", records)
                        .put("reads", reads)
                        .put("lost", lost)
                        .put("seconds", seconds)
                        .put("file", out));
        result.flush();
        if (reads == 0) {
            Progress.say("trace: no read of a key of the sample (expected: some; is it loaded?)");
            return BenchMain.EXIT_BROKEN;
        }
        return 0;
    }

    private void record(Socket socket, Writer file) throws IOException {
        socket.setSoTimeout(WAIT_MILLIS);
        socket.getOutputStream().write("trace\n".getBytes(US_ASCII));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        long beginNanos = System.nanoTime();
        StringBuilder line = new StringBuilder();
        while (System.nanoTime() - beginNanos < TimeUnit.SECONDS.toNanos(seconds)) {
            if (readLine(lines, line)) {
                take(line.toString(), file);
                line.setLength(0);
            }
        }
    }

    /** Reads on; true if the line is whole, false if nothing came for a while. */
    private static boolean readLine(BufferedReader lines, StringBuilder line) throws IOException {
        try {
            int next = lines.read();
            while (next >= 0 && next != '\n') {
                if (line.length() == LINE_CHARACTERS_MAX) {
                    throw new BenchException("admin: a line of over 1,000 characters: " + line);
                }
                line.append((char) next);
                next = lines.read();
            }
            if (next < 0) {
                throw new BenchException("admin: closed while it was recorded");
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private void take(String line, Writer file) throws IOException {
        if (line.startsWith("ERROR ")) {
            throw new BenchException("admin: " + line);
        }
        if (line.startsWith("LOST ")) {
            lost += Long.parseLong(line.substring(5));
            return;
        }
        records++;
        reads += line.startsWith("HIT ") || line.startsWith("MISS ") ? 1 : 0;
        file.write(line);
        file.write('\n');
    }
}
