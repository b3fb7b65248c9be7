package io.larder.bench.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.bench.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that takes what it should not, {@code openssl s_server}: by it probes show that they
 * would find something. On a free port of the loopback, until it is closed.
 */
final class LaxServer implements AutoCloseable {
    private static final Pattern ACCEPT = Pattern.compile("ACCEPT 127\\.0\\.0\\.1:([0-9]+)");

    private final Process process; // whose input stays open: at its end it would stop
    private final InetSocketAddress address;

    private LaxServer(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts it with every cipher.
     *
     * @param directory with server.pem and server.key
     */
    static LaxServer start(Path directory, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_server",
                                "-accept",
                                "127.0.0.1:0",
                                "-cert",
                                directory.resolve("server.pem").toString(),
                                "-key",
                                directory.resolve("server.key").toString(),
                                "-cipher",
                                "ALL:eNULL:@SECLEVEL=0"));
        command.addAll(List.of(options));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher accept = ACCEPT.matcher(line);
                if (accept.find()) {
                    return new LaxServer(
                            process,
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    Integer.parseInt(accept.group(1))));
                }
            }
            throw new BenchException(String.join(" ", command) + ": ended (expected: ACCEPT)");
        } catch (IOException e) {
            throw new BenchException("openssl: " + e.getMessage() + " (expected: installed)", e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
