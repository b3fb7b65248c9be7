package io.larder.bench.wire;

import io.larder.bench.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a server busy over several connections from one thread. For that thread. Owns its
 * connections. A server that says nothing for half a minute ends the run.
 */
/*
 * Closed loop: each connection is sent its next batch as soon as all answers to the last one have
 * come; the thread sleeps while no connection has anything for it. A slow answer delays the
 * requests behind it, so the latencies are what that caller saw.
 *
 * Open loop: batches are due at random times at a mean rate (exponential gaps, as of many
 * independent callers), go to the connections in turn, and are timed from when they were due; a
 * stall counts for all that it held up. The thread spins, so it needs a processor of its own.
 */
public final class WireGenerator implements AutoCloseable {
    private static final int LOAD_BATCH_MAX = 256;
    private static final int LOAD_BATCH_BYTES_MAX = 256 << 10;
    private static final long SILENCE_MILLIS_MAX = 30_000;
    private static final int PERCENT = 100;
    private static final long SEED = 0x5E7L;

    private final Dialect dialect;
    private final Selector selector;
    private final List<WireConnection> connections = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Consumer<SelectionKey> onReady = this::onReady;
    private WireTally tally = new WireTally();
    private @Nullable Source source; // of the next batches; none in an open loop
    private int busy; // connections with something under way

    private WireGenerator(Dialect dialect, Selector selector) {
        this.dialect = dialect;
        this.selector = selector;
    }

    /**
     * Connects {@code count} times; batches will be of up to {@code depthMax} requests.
     *
     * @throws BenchException if the server does not accept, or does not welcome the protocol
     */
    public static WireGenerator connect(
            InetSocketAddress address, Protocol protocol, WireItems items, Size size) {
        WireGenerator generator = null;
        try {
            Dialect dialect = protocol.dialect(items);
            generator = new WireGenerator(dialect, Selector.open());
            int requestsMax = Math.max(size.depthMax(), loadBatch(dialect));
            for (int i = 0; i < size.connections(); i++) {
                generator.connections.add(
                        WireConnection.open(address, generator.selector, dialect, requestsMax));
            }
            return generator;
        } catch (IOException | RuntimeException e) {
            if (generator != null) {
                generator.close();
            }
            throw new BenchException("connection to " + address + ": " + e.getMessage(), e);
        }
    }

    /**
     * How much a generator does at once.
     *
     * @param connections it has
     * @param depthMax requests of a batch, at most
     */
    public record Size(int connections, int depthMax) {}

    private static int loadBatch(Dialect dialect) {
        return Math.max(
                1, Math.min(LOAD_BATCH_MAX, LOAD_BATCH_BYTES_MAX / dialect.requestBytesMax()));
    }

    /**
     * What is asked for.
     *
     * @param keys in which order
     * @param depth requests of each batch
     * @param setPercent of the requests, the others being GET
     */
    public record Load(KeySequence keys, int depth, int setPercent) {}

    /** Where the next batch of a closed loop comes from. */
    private interface Source {
        /** Adds a batch to an idle connection; false if there are no more. */
        boolean fill(WireConnection connection);
    }

    /**
     * Stores the keys from {@code from} to {@code to} - 1. Locking: blocks until all are answered.
     */
    public void store(int from, int to, WireTally into) {
        int batch = loadBatch(dialect);
        int[] next = {from};
        runClosed(
                connection -> {
                    int end = Math.min(to, next[0] + batch);
                    boolean isMore = next[0] < end;
                    long now = System.nanoTime();
                    while (next[0] < end) {
                        connection.addSet(next[0]++, now);
                    }
                    return isMore;
                },
                into);
    }

    /**
     * Asks in a closed loop for a while. Nothing is under way before and after. Locking: blocks
     * that long.
     */
    public void run(Load load, long nanos, WireTally into) {
        long endNanos = System.nanoTime() + nanos;
        runClosed(
                connection -> {
                    long now = System.nanoTime();
                    if (now - endNanos >= 0) {
                        return false;
                    }
                    fill(connection, load, now);
                    return true;
                },
                into);
    }

    private void runClosed(Source batches, WireTally into) {
        tally = into;
        source = batches;
        guarded(
                () -> {
                    for (WireConnection connection : connections) {
                        refill(connection);
                    }
                    awaitAll();
                });
    }

    /**
     * Asks in an open loop for a while: so many requests a second, whatever the answers do. Nothing
     * is under way before and after. Locking: blocks that long, spinning.
     */
    public void runOpen(Load load, double requestsPerSecond, long nanos, WireTally into) {
        tally = into;
        source = null;
        double gapNanos = load.depth() * TimeUnit.SECONDS.toNanos(1) / requestsPerSecond;
        guarded(() -> sendWhenDue(load, gapNanos, System.nanoTime() + nanos));
    }

    private void sendWhenDue(Load load, double gapNanos, long endNanos) throws IOException {
        long due = System.nanoTime();
        int next = 0;
        while (due - endNanos < 0) {
            long now = System.nanoTime();
            while (due - now <= 0 && due - endNanos < 0) {
                WireConnection connection = connections.get(next);
                if (!connection.hasRoom(load.depth())) {
                    break; // it is sent later, and timed from now all the same
                }
                busy += connection.isIdle() ? 1 : 0;
                fill(connection, load, due);
                connection.send();
                next = next + 1 == connections.size() ? 0 : next + 1;
                due += (long) (-Math.log(1 - random.nextDouble()) * gapNanos);
            }
            if (now - due > TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS_MAX)) {
                throw silence();
            }
            selector.selectNow(onReady);
        }
        awaitAll();
    }

    private void fill(WireConnection connection, Load load, long nanos) {
        for (int i = 0; i < load.depth(); i++) {
            if (load.setPercent() > 0 && random.nextInt(PERCENT) < load.setPercent()) {
                connection.addSet(load.keys().next(), nanos);
            } else {
                connection.addGet(load.keys().next(), nanos);
            }
        }
    }

    private void awaitAll() throws IOException {
        while (busy > 0) {
            if (selector.select(onReady, SILENCE_MILLIS_MAX) == 0) {
                throw silence();
            }
        }
    }

    private void onReady(SelectionKey key) {
        WireConnection connection = (WireConnection) key.attachment();
        try {
            boolean wasIdle = connection.isIdle();
            connection.proceed(tally);
            if (connection.isIdle() && !wasIdle) {
                busy--;
                refill(connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refill(WireConnection connection) throws IOException {
        if (source != null && source.fill(connection)) {
            busy++;
            connection.send();
        }
    }

    private static BenchException silence() {
        return new BenchException("wire: no answer for " + SILENCE_MILLIS_MAX / 1_000 + " s");
    }

    /** What the generator does on its sockets. */
    private interface Exchange {
        void go() throws IOException;
    }

    private static void guarded(Exchange exchange) {
        try {
            exchange.go();
        } catch (IOException | UncheckedIOException e) {
            throw new BenchException("wire: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        connections.forEach(WireConnection::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new BenchException("selector not closed: " + e.getMessage(), e);
        }
    }
}
