package io.larder.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that this one has started and takes with it: closed at the end of its use, and stopped
 * by a shutdown hook when this JVM is told to end before. It and what it has started itself are
 * stopped by their handles, by SIGTERM; it is killed only if that does not help in time. Any thread
 * may close it.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Thread hook;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.hook = new Thread(this::stop, "stop-" + name);
    }

    /**
     * Starts a process.
     *
     * @throws BenchException if it cannot be started
     */
    public static ChildProcess start(String name, ProcessBuilder builder) {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new BenchException(name + ": not started: " + e.getMessage(), e);
        }
        ChildProcess child = new ChildProcess(name, process);
        try {
            Runtime.getRuntime().addShutdownHook(child.hook);
        } catch (IllegalStateException e) {
            child.stop();
            throw new BenchException(name + ": not started: this process is ending", e);
        }
        return child;
    }

    /** Runs a short command to its end and returns what it printed, both streams together. */
    public static String output(List<String> command, Duration timeout) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        try (ChildProcess child = start(command.get(0), builder)) {
            String text = new String(child.process.getInputStream().readAllBytes(), UTF_8);
            int exitCode = child.waitFor(timeout);
            if (exitCode != 0) {
                throw new BenchException(
                        String.join(" ", command)
                                + ": exit code "
                                + exitCode
                                + ": "
                                + text.strip());
            }
            return text;
        } catch (IOException e) {
            throw new BenchException(String.join(" ", command) + ": " + e.getMessage(), e);
        }
    }

    /** The process, for its streams and its id. */
    public Process process() {
        return process;
    }

    /**
     * Waits for its end and returns the exit code. Locking: blocks up to the timeout.
     *
     * @throws BenchException if it has not ended by then
     */
    public int waitFor(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BenchException(name + ": still runs after " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(name + ": interrupted while waiting for its end", e);
        }
        return process.exitValue();
    }

    /** Stops it if it still runs. Locking: blocks until it has ended, half a minute or so. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook runs already and finds nothing left to do
        }
    }

    /** Stops it if it still runs. Locking: as {@link #close}. */
    public void stop() {
        List<ProcessHandle> offspring = process.descendants().toList();
        process.destroy();
        offspring.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                Progress.say("%s: does not end on SIGTERM, killed", name);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
