package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import io.larder.bench.LarderHome;
import io.larder.bench.MemoryDirectory;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server whose memory is in a file that outlives it, and a thread that stops it, or kills it, and
 * starts the next one on that file, a number of times spread over what clients have to do. Opened,
 * begun, ended and closed by one thread.
 */
final class Restarts implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final MemoryDirectory directory = MemoryDirectory.create("larder-linearizable");
    private final List<String> command;
    private final int count;
    private final SplittableRandom random;
    private final Endpoint endpoint;
    private final Thread thread = new Thread(this::run, "linearizable-restarts");
    private DoubleSupplier done = () -> 0; // written before the thread starts
    private ServerProcess server; // the thread's, until it has ended
    private int restarts; // so
    private int kills; // so
    private @Nullable Throwable failure; // so
    private volatile boolean isEnding;

    /**
     * How often it was done.
     *
     * @param restarts in all
     * @param kills of them that were as by {@code kill -9}
     */
    record Tally(int restarts, int kills) {}

    /**
     * Starts the first server.
     *
     * @param definitions of each, but for its file
     */
    Restarts(List<String> definitions, int count, SplittableRandom random) {
        this.count = count;
        this.random = random;
        String file = "store.file=" + directory.resolve("arena");
        command =
                ServerProcess.command(
                        LarderHome.launcher().map(Path::toString),
                        Stream.concat(definitions.stream(), Stream.of(file)).toList());
        try {
            server = ServerProcess.start(command);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
        endpoint = Endpoint.of(server.ready());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Begins to restart it.
     *
     * @param share of what clients have to do that is done, 0 to 1; asked by another thread
     */
    void begin(DoubleSupplier share) {
        done = share;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            boolean kills = random.nextBoolean();
            for (int next = 1; next <= count; next++) {
                while (done.getAsDouble() < (double) next / (count + 1)) {
                    if (isEnding) {
                        return;
                    }
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                }
                restart(kills);
                kills = !kills;
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
            endpoint.fail(e);
        }
    }

    private void restart(boolean kills) {
        Progress.say("linearizable: %s the server", kills ? "killing" : "stopping");
        endpoint.end();
        if (kills) {
            server.kill();
            this.kills++;
        } else {
            server.stop();
        }
        server.close();
        server = ServerProcess.start(command);
        restarts++;
        endpoint.begin(server.ready());
    }

    /**
     * Waits until a restart under way is over, and stops the last server. Locking: blocks.
     *
     * @throws BenchException if a restart has failed, or the last server ends badly
     */
    Tally end() {
        joinThread();
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("restart: " + thrown, thrown);
        }
        server.stop();
        return new Tally(restarts, kills);
    }

    private void joinThread() {
        isEnding = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("restart: interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            joinThread();
            server.close();
        } finally {
            directory.close();
        }
    }
}
