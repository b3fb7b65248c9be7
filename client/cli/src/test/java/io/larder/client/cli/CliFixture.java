package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/** A server in this JVM and the command line against it. */
final class CliFixture implements AutoCloseable {
    private final LarderServer server;

    /** What a run of the command line came to. */
    record Outcome(int exitCode, String output, String errors) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    CliFixture() throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("store.memory=16m")
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .load());
    }

    String address() {
        return "127.0.0.1:" + server.dataAddress().getPort();
    }

    String adminAddress() {
        return "127.0.0.1:" + server.adminAddress().getPort();
    }

    Outcome run(String... arguments) {
        return runWith(
                new byte[0],
                Stream.concat(Stream.of("--server", address()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    Outcome pipe(String input) {
        return pipe(input.getBytes(UTF_8));
    }

    Outcome pipe(byte[] input) {
        return runWith(input, "--server", address(), "--pipe");
    }

    static Outcome runWith(byte[] input, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode =
                new LarderCli(
                                new ByteArrayInputStream(input),
                                output,
                                new PrintWriter(errors, true, UTF_8),
                                Terminals.STREAMS)
                        .execute(arguments);
        return new Outcome(exitCode, output.toString(UTF_8), errors.toString(UTF_8));
    }

    @Override
    public void close() {
        server.close();
    }
}
