package io.larder.bench.linearizable;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.client.Larder;
import io.larder.client.api.AsyncBytesCache;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys of its own beside the clients, each read twice, so that they are worth as much as
 * theirs and a server of little memory evicts what rests. Started, read and closed by one thread.
 */
final class Pressure implements AutoCloseable {
    private static final int KEYS = 100_000;
    private static final int VALUE_BYTES = 4 << 10;
    private static final int AT_ONCE = 16;

    private final Larder larder;
    private final Thread thread = new Thread(this::run, "linearizable-pressure");
    private volatile boolean isClosed;
    private volatile @Nullable Throwable failure;

    /**
     * What a server has evicted.
     *
     * @param items that memory had no room for
     * @param fromDisk reads that its disk tier had the item for, 0 without one
     */
    record Evictions(long items, long fromDisk) {}

    private Pressure(Larder larder) {
        this.larder = larder;
    }

    static Pressure start(InetSocketAddress address) {
        String uri = "larder://" + address.getHostString() + ":" + address.getPort();
        Pressure pressure = new Pressure(Larder.connect(uri));
        pressure.thread.setDaemon(true);
        pressure.thread.start();
        return pressure;
    }

    private void run() {
        AsyncBytesCache cache = larder.cache().async();
        byte[] value = new byte[VALUE_BYTES];
        try {
            for (int next = 0; !isClosed; next = (next + AT_ONCE) % KEYS) {
                List<CompletableFuture<?>> calls = new ArrayList<>();
                for (int i = next; i < next + AT_ONCE; i++) {
                    byte[] key = ("pressure-" + i).getBytes(US_ASCII);
                    calls.add(cache.put(key, value));
                    calls.add(cache.get(key));
                    calls.add(cache.get(key));
                }
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /**
     * What was evicted until now.
     *
     * @throws BenchException if the pressure has ended early
     */
    Evictions evictions() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("pressure: " + thrown, thrown);
        }
        Map<String, String> stats = larder.stats();
        return new Evictions(
                figure(stats, "evictions"),
                figure(stats, "tier_hits") + figure(stats, "tier_taken_back"));
    }

    /** A figure that only servers with what it is of have. */
    private static long figure(Map<String, String> stats, String name) {
        return Long.parseLong(stats.getOrDefault(name, "0"));
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            larder.close();
        }
    }
}
