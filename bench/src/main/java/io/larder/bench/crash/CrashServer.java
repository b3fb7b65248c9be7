package io.larder.bench.crash;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.LarderHome;
import io.larder.bench.MemoryDirectory;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts servers on one file in a directory of its own on a memory file system, which goes with
 * this object. For one thread.
 */
final class CrashServer implements AutoCloseable {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(30);
    private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final String BEGUN = " start: ";
    private static final Pattern READY =
            Pattern.compile("(\\d+) damaged; ready (\\d+) ms after it was opened");

    private final MemoryDirectory directory = MemoryDirectory.create("larder-crash");
    private final Path log;
    private final List<String> command;

    CrashServer(long memoryBytes) {
        log = directory.resolve("log");
        command =
                ServerProcess.command(
                        LarderHome.launcher().map(Path::toString),
                        List.of("store.memory=" + memoryBytes, "store.file=" + arena()));
    }

    /** The file that the servers share, one after the other. */
    Path arena() {
        return directory.resolve("arena");
    }

    /** Starts one and waits until it accepts. */
    ServerProcess start() {
        forgetLog();
        return ServerProcess.start(command, ProcessBuilder.Redirect.to(log.toFile()));
    }

    /** Starts one and kills it {@code nanos} after it has looked at the file. */
    void startAndKill(long nanos) {
        forgetLog();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(log.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try (ChildProcess child = ChildProcess.start("server", builder)) {
            long endNanos = System.nanoTime() + START_NANOS_MAX;
            while (!logText().contains(BEGUN) && child.process().isAlive()) {
                if (System.nanoTime() - endNanos > 0) {
                    throw new BenchException("server: did not look at its file in a minute");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            LockSupport.parkNanos(nanos);
            child.process().destroyForcibly();
            child.waitFor(KILL_TIMEOUT);
        }
    }

    private void forgetLog() {
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server started last has logged so far. */
    String logText() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Millis from opening the file to being ready; none if the server began cold. */
    OptionalLong readyMillis() {
        Matcher matcher = READY.matcher(logText());
        return matcher.find()
                ? OptionalLong.of(Long.parseLong(matcher.group(2)))
                : OptionalLong.empty();
    }

    /** Items that the server started last has found damaged. */
    long damaged() {
        Matcher matcher = READY.matcher(logText());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Override
    public void close() {
        directory.close();
    }
}
