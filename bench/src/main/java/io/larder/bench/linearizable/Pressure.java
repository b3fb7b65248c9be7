package io.larder.bench.linearizable;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.bench.linearizable.Endpoint.Life;
import io.larder.client.Larder;
import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.ServerBusyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Writes keys of its own beside the clients, each read twice, so that they are worth as much as
 * theirs and a server of little memory evicts what rests.
 */
final class Pressure extends Companion {
    private static final int KEYS = 100_000;
    private static final int VALUE_BYTES = 4 << 10;
    private static final int AT_ONCE = 16;

    /** Rounds after which figures are taken, as a killed server tells none. */
    private static final int ROUNDS_PER_LOOK = 64;

    private final Endpoint endpoint;
    private int next; // the thread's
    private volatile Evictions before = new Evictions(0, 0); // of servers that are gone
    private volatile Evictions latest = before; // of the present one

    /**
     * What servers have evicted.
     *
     * @param items that memory had no room for
     * @param fromDisk reads that the disk tier had the item for, 0 without one
     */
    record Evictions(long items, long fromDisk) {
        Evictions and(Evictions other) {
            return new Evictions(items + other.items, fromDisk + other.fromDisk);
        }

        static Evictions of(Larder larder) {
            Map<String, String> stats = larder.stats();
            return new Evictions(
                    figure(stats, "evictions"),
                    figure(stats, "tier_hits") + figure(stats, "tier_taken_back"));
        }

        /** A figure that only servers with what it is of have. */
        private static long figure(Map<String, String> stats, String name) {
            return Long.parseLong(stats.getOrDefault(name, "0"));
        }
    }

    private Pressure(Endpoint endpoint) {
        super("pressure");
        this.endpoint = endpoint;
    }

    static Pressure start(Endpoint endpoint) {
        Pressure pressure = new Pressure(endpoint);
        pressure.start();
        return pressure;
    }

    @Override
    void work() {
        while (!isClosed()) {
            Life life = endpoint.await();
            try (Larder larder = Larder.connect(life.uri())) {
                press(larder, life);
            } catch (LarderException | CompletionException e) {
                endpoint.requireOver(life, e);
            }
            before = before.and(latest);
            latest = new Evictions(0, 0);
        }
    }

    /** As long as this server is there. */
    private void press(Larder larder, Life life) {
        AsyncBytesCache cache = larder.cache().async();
        byte[] value = new byte[VALUE_BYTES];
        for (int round = 1; !isClosed() && !endpoint.isOver(life); round++) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = next; i < next + AT_ONCE; i++) {
                byte[] key = ("pressure-" + i).getBytes(US_ASCII);
                calls.add(cache.put(key, value));
                calls.add(cache.get(key));
                calls.add(cache.get(key));
            }
            await(calls);
            next = (next + AT_ONCE) % KEYS;
            if (round % ROUNDS_PER_LOOK == 0) {
                latest = Evictions.of(larder);
            }
        }
        if (!endpoint.isOver(life)) {
            latest = Evictions.of(larder);
        }
    }

    /** That a server of little memory is busy for a moment is no failure. */
    private static void await(List<CompletableFuture<?>> calls) {
        try {
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ServerBusyException)) {
                throw e;
            }
        }
    }

    /**
     * Ends it, and tells what was evicted meanwhile; of a server that was killed, until shortly
     * before. Locking: blocks.
     *
     * @throws BenchException if the pressure has ended early
     */
    Evictions end() {
        join();
        return before;
    }
}
