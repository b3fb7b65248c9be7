package io.larder.client.examples.demo;

import io.larder.client.examples.shop.ShopApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A shop in a JVM of its own, which ends when it is closed, or with this JVM. */
final class ShopProgram implements AutoCloseable {
    private static final String READY = "READY shop=";

    private final Process process;
    private final int port;

    private ShopProgram(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts several at once, and waits until all take requests. */
    static List<ShopProgram> start(int shops, String... arguments) throws IOException {
        List<Process> processes = new ArrayList<>();
        List<ShopProgram> ready = new ArrayList<>();
        try {
            for (int shop = 0; shop < shops; shop++) {
                processes.add(start(arguments));
            }
            for (Process process : processes) {
                ready.add(new ShopProgram(process, port(process)));
            }
            return ready;
        } finally {
            if (ready.size() < shops) {
                processes.forEach(Process::destroy);
            }
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-Xshare:auto",
                                "-XX:+UseSerialGC",
                                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ShopApplication.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static int port(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return Integer.parseInt(line.substring(READY.length()));
            }
        }
        throw new IOException("a shop has ended before it took requests; its log says why");
    }

    URI page(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Locking: waits until it has ended, some seconds at most. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // it has ended already, or is ended below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
