package io.larder.bench.flood;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.server.LarderStore;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Times the insertion of keys that meet under a hash against that of random ones, in turn. */
final class FloodRun {
    private static final int WARM_UP_ROUNDS = 3;
    private static final int BYTES_PER_KEY = 512;
    private static final long MEMORY_BYTES_MIN = 16L << 20;

    private final byte[] value = new byte[32];
    private final Mutation mutation = new Mutation();
    private final int keys;
    private final int rounds;

    FloodRun(int keys, int rounds) {
        this.keys = keys;
        this.rounds = rounds;
    }

    /**
     * The median over the rounds of the time that colliding keys take, in parts of what as many
     * random ones of their length took in the same round.
     */
    Median ratio(UnkeyedHash hash, SplittableRandom random) {
        List<byte[]> colliding = hash.colliding(keys, random);
        List<byte[]> others = random(colliding.get(0).length, random);
        List<Double> ratios = new ArrayList<>();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            long plain = insertNanos(others);
            long flood = insertNanos(colliding);
            if (round >= 0) {
                ratios.add(flood / (double) plain);
                Progress.say(
                        "flood: %s: %d ns a random key, %d ns a colliding one",
                        hash, plain / keys, flood / keys);
            }
        }
        return Median.of(ratios);
    }

    private List<byte[]> random(int length, SplittableRandom random) {
        List<byte[]> all = new ArrayList<>(keys);
        for (int i = 0; i < keys; i++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            all.add(key);
        }
        return all;
    }

    private long insertNanos(List<byte[]> all) {
        long memoryBytes = Math.max(MEMORY_BYTES_MIN, (long) BYTES_PER_KEY * keys);
        try (LarderStore store = LarderStore.open(memoryBytes)) {
            long start = System.nanoTime();
            for (byte[] key : all) {
                mutation.key.wrap(store.store().hasher(), UnkeyedHash.SPACE, key);
                mutation.value.wrap(value, 0, value.length);
                if (store.store().put(mutation, store.clock().nowMillis()) != WriteStatus.DONE) {
                    throw new BenchException("put: refused (expected: room for all keys)");
                }
            }
            long nanos = System.nanoTime() - start;
            long items = store.store().stats().items();
            if (items != keys) {
                throw new BenchException("items: " + items + " (expected: " + keys + ")");
            }
            return nanos;
        }
    }
}
