package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import io.larder.protocol.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.HdrHistogram.Histogram;

/**
 * A client that means well: asks for one key after the other, a few hundred times a second, and
 * notes how long each took. A thread of its own.
 */
final class ProbeClient implements AutoCloseable {
    private static final long PAUSE_MILLIS = 2;
    private static final int VALUE_BYTES = 100;

    private final RawConnection connection;
    private final Thread thread;
    private Histogram latencies = new Histogram(3); // guarded by this
    private long refused; // guarded by this
    private volatile boolean isOver;
    private volatile String failure = "";

    ProbeClient(InetSocketAddress address) throws IOException {
        connection = RawConnection.greeted(address);
        connection.send(RawConnection.set("probe", new byte[VALUE_BYTES], 1));
        connection.status();
        thread = new Thread(this::run, "probe");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        byte[] get = RawConnection.get("probe", 2);
        try {
            while (!isOver) {
                long beganNanos = System.nanoTime();
                connection.send(get);
                int status = connection.status();
                note((System.nanoTime() - beganNanos) / 1_000, Status.isError(status));
                Waiting.sleep(PAUSE_MILLIS);
            }
        } catch (IOException | BenchException e) {
            failure = isOver ? "" : "probe: " + e;
        }
    }

    private synchronized void note(long micros, boolean isRefused) {
        latencies.recordValue(micros);
        refused += isRefused ? 1 : 0;
    }

    /** The 99th percentile, in microseconds, of what was asked since this was last called. */
    synchronized long takeP99Micros() {
        if (!failure.isEmpty()) {
            throw new BenchException(failure);
        }
        long p99 = latencies.getValueAtPercentile(99);
        latencies = new Histogram(3);
        return p99;
    }

    /** Requests that were refused, so far. */
    synchronized long refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        connection.close();
    }
}
