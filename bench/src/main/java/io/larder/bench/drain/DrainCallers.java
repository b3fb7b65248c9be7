package io.larder.bench.drain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.Progress;
import io.larder.client.Larder;
import io.larder.client.api.LarderException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that write and read through one client until they are closed, and count how that went. A
 * read may miss: what the server that stops had is gone with it. Any thread may ask for the counts.
 */
final class DrainCallers implements AutoCloseable {
    private static final int KEYS = 10_000;
    private static final long SAID_MAX = 5;

    private final Larder larder;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong slowestNanos = new AtomicLong();
    private volatile boolean closed;

    DrainCallers(Larder larder, int count) {
        this.larder = larder;
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::run, "drain-caller-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!closed) {
            byte[] key = ("key:" + random.nextInt(KEYS)).getBytes(UTF_8);
            long start = System.nanoTime();
            try {
                call(key, random.nextBoolean());
            } catch (LarderException e) {
                if (failed.incrementAndGet() <= SAID_MAX) {
                    Progress.say("drain: a call failed: %s", e);
                }
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            calls.incrementAndGet();
        }
    }

    private void call(byte[] key, boolean writes) {
        if (writes) {
            larder.cache().put(key, key);
            return;
        }
        Optional<byte[]> value = larder.cache().get(key);
        if (value.isPresent() && !Arrays.equals(key, value.get())) {
            wrong.incrementAndGet();
        }
    }

    long calls() {
        return calls.get();
    }

    long failed() {
        return failed.get();
    }

    /** Values that are not what was written. */
    long wrong() {
        return wrong.get();
    }

    long slowestNanos() {
        return slowestNanos.get();
    }

    /** Locking: blocks until the calls under way are over. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
