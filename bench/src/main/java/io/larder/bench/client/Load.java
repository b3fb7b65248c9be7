package io.larder.bench.client;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one measurement, all of uniformly drawn keys that are there. In a closed loop each
 * call follows an answer: that tells speed and CPU time. In an open one calls are due at a fixed
 * rate, whatever the answers, and a call's time begins when it was due, also if it had to wait for
 * the one before: so a pause is seen by all calls that it held up. Used once, by one thread.
 */
final class Load {
    private static final long PARK_NANOS_MIN = 20_000; // below it, waiting costs more than it is
    private static final long MICROS_MAX = TimeUnit.SECONDS.toMicros(60);

    private final Contender contender;
    private final Scenario scenario;
    private final int keys;
    private final int valueBytes;
    private final long endNanos;
    private final long startNanos = System.nanoTime();
    private final LongAdder calls = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final Recorder latencies = new Recorder(MICROS_MAX * 1_000, 3);

    Load(Contender contender, Scenario scenario, int keys, int valueBytes, long millis) {
        this.contender = contender;
        this.scenario = scenario;
        this.keys = keys;
        this.valueBytes = valueBytes;
        this.endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** As many calls as go; no times. */
    Sample closed() throws InterruptedException {
        long cpuBefore = cpuNanos();
        if (isChained()) {
            chain();
        } else {
            inThreads(this::callUntilTheEnd);
        }
        return sample(cpuNanos() - cpuBefore);
    }

    /**
     * Calls at a fixed rate.
     *
     * @param callsPerSecond of all threads together
     */
    Sample open(double callsPerSecond) throws InterruptedException {
        long cpuBefore = cpuNanos();
        double intervalNanos = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
        if (isChained()) {
            submitWhenDue(intervalNanos);
        } else {
            AtomicLong next = new AtomicLong();
            inThreads(() -> callWhenDue(next, intervalNanos));
        }
        return sample(cpuNanos() - cpuBefore);
    }

    private boolean isChained() {
        return scenario == Scenario.ASYNC_64 && contender.isAsynchronous();
    }

    /** Each completion starts the next call, on its own thread. */
    private void chain() {
        Phaser running = new Phaser(1 + scenario.concurrency());
        for (int i = 0; i < scenario.concurrency(); i++) {
            next(running);
        }
        running.arriveAndAwaitAdvance();
    }

    private void next(Phaser running) {
        if (System.nanoTime() - endNanos >= 0) {
            running.arrive();
            return;
        }
        contender.getAsync(
                randomKey(),
                (value, failure) -> {
                    count(isRight(value));
                    next(running);
                });
    }

    private void submitWhenDue(double intervalNanos) throws InterruptedException {
        Semaphore window = new Semaphore(scenario.concurrency());
        for (long call = 0; ; call++) {
            long dueNanos = startNanos + (long) (call * intervalNanos);
            if (dueNanos - endNanos >= 0) {
                break;
            }
            long beginNanos = await(dueNanos);
            window.acquire();
            contender.getAsync(
                    randomKey(),
                    (value, failure) -> {
                        record(beginNanos);
                        count(isRight(value));
                        window.release();
                    });
        }
        window.acquire(scenario.concurrency());
    }

    private void callUntilTheEnd() {
        while (System.nanoTime() - endNanos < 0) {
            call();
        }
    }

    private void callWhenDue(AtomicLong next, double intervalNanos) {
        while (true) {
            long dueNanos = startNanos + (long) (next.getAndIncrement() * intervalNanos);
            if (dueNanos - endNanos >= 0) {
                return;
            }
            long beginNanos = await(dueNanos);
            call();
            record(beginNanos);
        }
    }

    /**
     * Waits until a call is due, or as good as: when the call's time begins. That is when it was
     * due, unless it is made a moment before.
     */
    static long await(long dueNanos) {
        long left = dueNanos - System.nanoTime();
        while (left > PARK_NANOS_MIN) {
            LockSupport.parkNanos(left);
            left = dueNanos - System.nanoTime();
        }
        return dueNanos - Math.max(0, left);
    }

    private void call() {
        boolean isRight = false;
        try {
            if (scenario.keysPerCall() == 1) {
                isRight = isRight(contender.get(randomKey()));
            } else {
                isRight = contender.getAll(distinctKeys(), valueBytes) == scenario.keysPerCall();
            }
        } catch (Exception e) {
            System.err.println(e);
        }
        count(isRight);
    }

    private int randomKey() {
        return ThreadLocalRandom.current().nextInt(keys);
    }

    /** Neighbours, from anywhere: a map of the answers has one entry for each. */
    private List<Integer> distinctKeys() {
        int first = ThreadLocalRandom.current().nextInt(keys);
        List<Integer> wanted = new ArrayList<>(scenario.keysPerCall());
        for (int i = 0; i < scenario.keysPerCall(); i++) {
            wanted.add((first + i * 7) % keys);
        }
        return wanted;
    }

    private boolean isRight(byte @Nullable [] value) {
        return value != null && value.length == valueBytes;
    }

    private void count(boolean isRight) {
        calls.increment();
        if (!isRight) {
            wrong.increment();
        }
    }

    private void record(long beginNanos) {
        latencies.recordValue(Math.min(MICROS_MAX * 1_000, System.nanoTime() - beginNanos));
    }

    private void inThreads(Runnable work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < scenario.concurrency(); i++) {
            Thread thread = new Thread(work, "load-" + i);
            thread.setUncaughtExceptionHandler((same, e) -> failure.compareAndSet(null, e));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a thread of the load has failed", thrown);
        }
    }

    private static long cpuNanos() {
        return requireNonNull(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class))
                .getProcessCpuTime();
    }

    private Sample sample(long cpuNanos) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long count = calls.sum();
        Histogram times = latencies.getIntervalHistogram();
        return new Sample(
                count / seconds,
                cpuNanos / 1e3 / Math.max(1, count),
                times.getValueAtPercentile(50) / 1e3,
                times.getValueAtPercentile(99) / 1e3,
                times.getValueAtPercentile(99.9) / 1e3,
                count,
                wrong.sum());
    }
}
