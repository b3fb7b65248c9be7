package io.larder.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Larder server in a process of its own, on free ports of the loopback. Closing it, or the end of
 * this JVM, stops it; {@link #stop} also demands that it ends well. Its log goes to this process's
 * standard error. For one thread.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5); // it may build first
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final String MAIN_CLASS = "io.larder.server.LarderMain";
    private static final List<String> FREE_PORTS =
            List.of("listeners.data.port=0", "listeners.admin.port=0", "listeners.http.port=0");

    private final ChildProcess child;
    private final ReadyLine ready;

    private ServerProcess(ChildProcess child, ReadyLine ready) {
        this.child = child;
        this.ready = ready;
    }

    /** The server's command line: the launcher's if there is one, else a JVM like this one's. */
    public static List<String> command(Optional<String> launcher, List<String> definitions) {
        List<String> command = new ArrayList<>();
        if (launcher.isPresent()) {
            command.add(launcher.get());
        } else {
            command.addAll(JavaCommand.of(MAIN_CLASS, List.of()));
        }
        command.add("serve");
        for (String definition : FREE_PORTS) {
            command.addAll(List.of("-D", definition));
        }
        for (String definition : definitions) {
            command.addAll(List.of("-D", definition));
        }
        return command;
    }

    /**
     * Starts a server with these settings, by the launcher if there is one, and waits until it
     * accepts connections.
     *
     * @throws BenchException if it does not come up
     */
    public static ServerProcess open(List<String> definitions) {
        return start(command(LarderHome.launcher().map(Path::toString), definitions));
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param command from {@link #command}, with a prefix perhaps
     * @throws BenchException if it does not come up
     */
    public static ServerProcess start(List<String> command) {
        return start(command, ProcessBuilder.Redirect.INHERIT);
    }

    /**
     * The same with its log going elsewhere.
     *
     * @throws BenchException if it does not come up
     */
    public static ServerProcess start(List<String> command, ProcessBuilder.Redirect log) {
        Progress.say("server: starting");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log);
        ChildProcess child = ChildProcess.start("server", builder);
        try {
            return new ServerProcess(child, awaitReady(child));
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static ReadyLine awaitReady(ChildProcess child) {
        CompletableFuture<ReadyLine> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> readOutput(child.process(), ready), "server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            return ready.get(READY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new BenchException("server: " + (cause == null ? e : cause).getMessage(), e);
        } catch (TimeoutException e) {
            throw new BenchException(
                    "server: not ready after " + READY_TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("server: interrupted while it started", e);
        }
    }

    /** Reads to the end, so that the server never waits for a reader. */
    private static void readOutput(Process process, CompletableFuture<ReadyLine> ready) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Progress.say("server: %s", line);
                if (ReadyLine.matches(line)) {
                    ready.complete(ReadyLine.parse(line));
                }
            }
            ready.completeExceptionally(
                    new IOException("ended before it was ready, exit code " + process.waitFor()));
        } catch (IOException | RuntimeException e) {
            ready.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ready.completeExceptionally(e);
        }
    }

    /** Where it listens. */
    public ReadyLine ready() {
        return ready;
    }

    /** The process's id. */
    public long pid() {
        return child.process().pid();
    }

    /** What it has used so far. */
    public ProcessUsage usage() {
        return ProcessUsage.of(pid());
    }

    /**
     * Stops it by SIGTERM. Locking: blocks until it has ended, a minute at most.
     *
     * @throws BenchException if it had ended already, or does not end with exit code 0
     */
    public void stop() {
        if (!child.process().isAlive()) {
            throw new BenchException(
                    "server: ended by itself, exit code " + child.process().exitValue());
        }
        child.process().destroy();
        int exitCode = child.waitFor(STOP_TIMEOUT);
        if (exitCode != 0) {
            throw new BenchException("server: exit code " + exitCode + " (expected: 0)");
        }
    }

    /** Kills it, as {@code kill -9} does. Locking: blocks until it has ended. */
    public void kill() {
        child.process().destroyForcibly();
        child.waitFor(STOP_TIMEOUT);
    }

    @Override
    public void close() {
        child.close();
    }
}
