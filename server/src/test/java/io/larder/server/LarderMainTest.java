package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program in a JVM of its own. */
@Timeout(120)
class LarderMainTest {
    @TempDir Path directory;

    private Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void serve_printsOneLine_andExitsWith0OnSigterm() throws Exception {
        start(Map.of("LARDER_STORE_MEMORY", "16m"), "-D", "listeners.data.port=0");
        String ready = process.inputReader(UTF_8).readLine();
        assertThat(ready)
                .matches(
                        "READY data=127\\.0\\.0\\.1:\\d+ admin=127\\.0\\.0\\.1:\\d+"
                                + " http=127\\.0\\.0\\.1:\\d+");
        int adminPort = Integer.parseInt(ready.replaceAll(".*admin=[^:]*:(\\d+) .*", "$1"));
        try (Socket admin = new Socket(InetAddress.getLoopbackAddress(), adminPort)) {
            admin.getOutputStream().write("ruok\nstats\n".getBytes(UTF_8));
            assertThat(admin.getInputStream().readNBytes(5)).isEqualTo("imok\n".getBytes(UTF_8));

            process.toHandle().destroy(); // SIGTERM, and its output stays open

            assertThat(new String(admin.getInputStream().readAllBytes(), UTF_8))
                    .contains("STAT memory_limit_bytes 16777216\n")
                    .endsWith("END\n");
        }
        assertThat(process.waitFor()).isZero();
        assertThat(process.inputReader(UTF_8).readLine()).isNull();
        assertThat(errors()).contains("stopping", "stopped");
    }

    @Test
    void serve_withAnUnknownKey_exitsWith2AndOneLine() throws Exception {
        start(Map.of(), "-D", "store.memroy=64m");

        assertFailure(
                "larder: unknown key store.memroy: \"64m\" from -D"
                        + " (expected: perhaps store.memory)\n");
    }

    @Test
    void serve_withABadValueInTheEnvironment_exitsWith2AndOneLine() throws Exception {
        start(Map.of("LARDER_STORE_MEMORY", "3m"));

        assertFailure(
                "larder: store.memory: \"3m\" from the environment, LARDER_STORE_MEMORY (expected:"
                        + " a size of 4m..2t, as 64m, 4g or bytes, or a share as 50%)\n");
    }

    @Test
    void serve_withABadFile_exitsWith2AndOneLine() throws Exception {
        Path file = directory.resolve("a.conf");
        Files.writeString(file, "\nlisteners.data.port = http\n");
        start(Map.of(), "--config", file.toString());

        assertFailure(
                "larder: listeners.data.port: \"http\" from "
                        + file
                        + " line 2 (expected: a port of 0..65535)\n");
    }

    @Test
    void serve_onAPortInUse_exitsWith2AndOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(
                    Map.of(),
                    "-D",
                    "store.memory=16m",
                    "-D",
                    "listeners.data.port=" + taken.getLocalPort());

            assertThat(process.waitFor()).isEqualTo(2);
            assertThat(errors())
                    .startsWith(
                            "larder: listeners.data: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort())
                    .contains("in use")
                    .hasLineCount(1);
        }
    }

    @Test
    void serve_withAnUnknownOption_exitsWith2AndOneLine() throws Exception {
        start(Map.of(), "--bogus");

        assertFailure("larder: Unknown option: '--bogus' (try --help)\n");
    }

    private void assertFailure(String line) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(errors()).isEqualTo(line);
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(process.inputReader(UTF_8).readLine()).isNull();
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    private void start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-Dio.netty."))
                .forEach(command::add);
        command.add("-Xmx64m");
        command.add("-Dlogback.configurationFile=" + Path.of("..", "conf", "logback.xml"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(LarderMain.class.getName(), "serve"));
        command.addAll(List.of("-D", "listeners.admin.port=0"));
        command.addAll(List.of("-D", "listeners.http.port=0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LARDER_"));
        builder.environment().putAll(environment);
        builder.redirectError(directory.resolve("errors").toFile());
        process = builder.start();
    }
}
