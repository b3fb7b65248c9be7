package io.larder.bench.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.LarderHome;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench promtool}: whether Prometheus's checker accepts metrics and alert rules. */
@Command(
        name = "promtool",
        description =
                "Has promtool check a server's /metrics and conf/prometheus/larder.rules.yml.",
        mixinStandardHelpOptions = true)
public final class PromtoolCommand implements Callable<Integer> {
    private static final int SAMPLES_MIN = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String TO_GET_IT =
            "promtool: not found (expected: on the PATH or by --promtool; apt-get download prometheus"
                    + " && dpkg -x prometheus_*.deb DIRECTORY gives DIRECTORY/usr/bin/promtool)";

    @Option(
            names = "--promtool",
            paramLabel = "FILE",
            description = "The program; default: the one on the PATH.")
    private @Nullable Path promtool;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "The HTTP listener of a server; default: a server of its own.")
    private @Nullable String target;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public PromtoolCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        String program = program();
        byte[] exposition = target != null ? scrape(target) : scrapeOwnServer();
        long samples =
                new String(exposition, UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .count();
        boolean metrics = check(List.of(program, "check", "metrics"), exposition);
        Path file = LarderHome.find().resolve("conf/prometheus/larder.rules.yml");
        boolean rules = check(List.of(program, "check", "rules", file.toString()), new byte[0]);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("promtool")
                        .put("metrics", metrics ? "accepted" : "refused")
                        .put("rules", rules ? "accepted" : "refused")
                        .put("samples", samples));
        out.flush();
        return metrics && rules && samples >= SAMPLES_MIN ? 0 : BenchMain.EXIT_BROKEN;
    }

    private String program() {
        if (promtool != null) {
            if (!Files.isExecutable(promtool)) {
                throw new BenchException("--promtool: " + promtool + " (expected: a program)");
            }
            return promtool.toString();
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BenchException(TO_GET_IT))
                .toString();
    }

    private static byte[] scrapeOwnServer() throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.open(List.of("store.memory=64m"))) {
            byte[] exposition = scrape(server.ready().listeners().getOrDefault("http", ""));
            server.stop();
            return exposition;
        }
    }

    private static byte[] scrape(String hostAndPort) throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request =
                    HttpRequest.newBuilder(URI.create("http://" + hostAndPort + "/metrics"))
                            .timeout(TIMEOUT)
                            .build();
        } catch (IllegalArgumentException e) {
            throw new BenchException("--target: " + hostAndPort + " (expected: HOST:PORT)", e);
        }
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new BenchException("/metrics: status " + response.statusCode());
        }
        return response.body();
    }

    /** Whether it has nothing to find fault with; what it says is shown. */
    private static boolean check(List<String> command, byte[] input)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("larder-metrics", ".txt");
        try {
            Files.write(file, input);
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(file.toFile())
                            .redirectErrorStream(true)
                            .start();
            new String(process.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .forEach(line -> Progress.say("promtool: %s", line));
            return process.waitFor() == 0;
        } finally {
            Files.delete(file);
        }
    }
}
