package io.larder.bench.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/** Threads that read and write through one client until they are stopped, and count what fails. */
final class OperateLoad implements AutoCloseable {
    private static final int KEYS = 10_000;
    private static final int VALUE_BYTES = 200;

    private final Larder larder;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder operations = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean stopped;
    private volatile String firstFailure = "";

    private OperateLoad(Larder larder) {
        this.larder = larder;
    }

    static OperateLoad begin(Larder larder, int threads) {
        OperateLoad load = new OperateLoad(larder);
        for (int id = 0; id < threads; id++) {
            int seed = id;
            Thread thread = new Thread(() -> load.run(seed), "load-" + id);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BytesCache cache = larder.cache();
        while (!stopped) {
            byte[] key = ("load:" + random.nextInt(KEYS)).getBytes(UTF_8);
            try {
                if (random.nextInt(10) < 3) {
                    cache.put(key, value(key));
                } else {
                    byte[] found = cache.get(key).orElse(null);
                    if (found != null && !Arrays.equals(found, value(key))) {
                        fail("another value than was stored");
                    }
                }
            } catch (LarderException e) {
                fail(e.toString());
            }
            operations.increment();
        }
    }

    private static byte[] value(byte[] key) {
        byte[] value = Arrays.copyOf(key, VALUE_BYTES);
        Arrays.fill(value, key.length, VALUE_BYTES, (byte) '.');
        return value;
    }

    private void fail(String reason) {
        failed.increment();
        if (firstFailure.isEmpty()) {
            firstFailure = reason;
        }
    }

    long operations() {
        return operations.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** What the first failed operation said; empty if none failed. */
    String firstFailure() {
        return firstFailure;
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            join(thread);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while " + thread.getName() + " was to end");
        }
    }
}
