package io.larder.bench.wire;

import io.larder.bench.BenchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a server busy over several connections from one thread. It goes round them: takes all
 * answers of one, sends it the next batch, goes to the next one; so at any time all but one have
 * work with the server. Closed loop: a slow answer delays the requests behind it, and the latencies
 * tell what that caller saw, not what an independent one would have.
 *
 * <p>For one thread. Owns its connections, and a watchdog thread that closes them if no answer
 * comes for half a minute, which ends the run.
 */
final class WireGenerator implements AutoCloseable {
    private static final int LOAD_BATCH = 256;
    private static final int SILENCE_SECONDS_MAX = 30;
    private static final int PERCENT = 100;
    private static final long SEED = 0x5E7L;

    private final List<WireConnection> connections = new ArrayList<>();
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(WireGenerator::daemon);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final AtomicLong rounds = new AtomicLong(); // what the watchdog looks at
    private long roundsSeen; // the watchdog's own

    private WireGenerator() {}

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "wire-watchdog");
        thread.setDaemon(true);
        return thread;
    }

    /** Connects {@code count} times; batches will be of up to {@code depthMax} requests. */
    static WireGenerator connect(
            InetSocketAddress address, WireFrames frames, int count, int depthMax) {
        WireGenerator generator = new WireGenerator();
        try {
            for (int i = 0; i < count; i++) {
                int batchMax = Math.max(depthMax, LOAD_BATCH);
                generator.connections.add(WireConnection.open(address, frames, batchMax));
            }
        } catch (IOException | RuntimeException e) {
            generator.close();
            throw new BenchException("connection to " + address + ": " + e.getMessage(), e);
        }
        return generator;
    }

    /** Stores the keys 0 to {@code keys} - 1. Locking: blocks until all are answered. */
    void load(int keys, WireTally tally) {
        int[] next = {0};
        guarded(
                () -> {
                    while (next[0] < keys) {
                        for (WireConnection connection : connections) {
                            int end = Math.min(keys, next[0] + LOAD_BATCH);
                            while (next[0] < end) {
                                connection.addSet(next[0]++);
                            }
                            connection.send();
                        }
                        receiveAll(tally);
                    }
                });
    }

    /**
     * Asks for a while. Nothing is under way before and after. Locking: blocks that long.
     *
     * @param depth requests of each batch
     * @param setPercent of the requests, the others being GET
     */
    void run(KeySequence keys, int depth, int setPercent, long nanos, WireTally tally) {
        long endNanos = System.nanoTime() + nanos;
        guarded(
                () -> {
                    for (WireConnection connection : connections) {
                        sendBatch(connection, keys, depth, setPercent);
                    }
                    while (System.nanoTime() - endNanos < 0) {
                        for (WireConnection connection : connections) {
                            connection.receiveAll(tally);
                            sendBatch(connection, keys, depth, setPercent);
                        }
                        rounds.incrementAndGet();
                    }
                    receiveAll(tally);
                });
    }

    private void sendBatch(WireConnection connection, KeySequence keys, int depth, int setPercent)
            throws IOException {
        for (int i = 0; i < depth; i++) {
            if (setPercent > 0 && random.nextInt(PERCENT) < setPercent) {
                connection.addSet(keys.next());
            } else {
                connection.addGet(keys.next());
            }
        }
        connection.send();
    }

    private void receiveAll(WireTally tally) throws IOException {
        for (WireConnection connection : connections) {
            connection.receiveAll(tally);
        }
        rounds.incrementAndGet();
    }

    /** What the generator does on its sockets. */
    private interface Exchange {
        void go() throws IOException;
    }

    private void guarded(Exchange exchange) {
        roundsSeen = -1;
        var watch =
                watchdog.scheduleWithFixedDelay(
                        this::closeIfSilent, 0, SILENCE_SECONDS_MAX, TimeUnit.SECONDS);
        try {
            exchange.go();
        } catch (IOException e) {
            throw new BenchException("wire: " + e + " (silent, or gone)", e);
        } finally {
            watch.cancel(false);
        }
    }

    private void closeIfSilent() {
        if (rounds.get() == roundsSeen) {
            connections.forEach(WireConnection::close);
        }
        roundsSeen = rounds.get();
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
        connections.forEach(WireConnection::close);
    }
}
