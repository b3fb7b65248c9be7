package io.larder.bench.stall;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.Progress;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes and reads keys of its own, one call after the other, and judges each answer. Runs on one
 * thread; any thread may ask for the counts.
 */
/*
 * A key's values are numbers that grow. A write without an answer may take effect at any later time,
 * as it lies in the socket of the server that stands still; so such a number is right whenever it is
 * read. Any other has to be that of the last write that was answered.
 */
final class StallCaller implements Runnable {
    private static final long SAID_MAX = 3;

    private final BytesCache cache;
    private final List<byte[]> keys;
    private final SplittableRandom random;
    private final long[] answered; // number of the last write of each key that was
    private final Set<Long> doubtful = new HashSet<>(); // numbers of writes without an answer
    private long number;
    private volatile boolean isOver;

    // written by the caller's thread only
    private volatile long calls;
    private volatile long failed;
    private volatile long stale;
    private volatile long lost;
    private volatile long slowestNanos;
    private volatile long answerNanos = System.nanoTime();

    StallCaller(BytesCache cache, List<byte[]> keys, SplittableRandom random) {
        this.cache = cache;
        this.keys = keys;
        this.random = random;
        this.answered = new long[keys.size()];
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by this thread only
    public void run() {
        while (!isOver) {
            int place = random.nextInt(keys.size());
            long beganNanos = System.nanoTime();
            try {
                if (random.nextBoolean() || answered[place] == 0) {
                    write(place);
                } else {
                    read(place);
                }
                answerNanos = System.nanoTime();
            } catch (LarderException e) {
                if (++failed <= SAID_MAX) {
                    Progress.say("stall: a call failed: %s", e);
                }
            }
            slowestNanos = Math.max(slowestNanos, System.nanoTime() - beganNanos);
            calls++;
        }
    }

    private void write(int place) {
        long next = ++number;
        doubtful.add(next);
        cache.put(keys.get(place), Long.toString(next).getBytes(US_ASCII));
        doubtful.remove(next);
        answered[place] = next;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by this thread only
    private void read(int place) {
        Optional<byte[]> found = cache.get(keys.get(place));
        if (found.isEmpty()) {
            lost++;
            return;
        }
        long read = Long.parseLong(new String(found.get(), US_ASCII));
        if (read != answered[place] && !doubtful.contains(read)) {
            stale++;
        }
    }

    void end() {
        isOver = true;
    }

    long calls() {
        return calls;
    }

    /** Calls that ended with an exception. */
    long failed() {
        return failed;
    }

    /** Reads of a value that had been overwritten. */
    long stale() {
        return stale;
    }

    /** Reads that found nothing though there was something. */
    long lost() {
        return lost;
    }

    long slowestNanos() {
        return slowestNanos;
    }

    /** When the last call was answered. */
    long answerNanos() {
        return answerNanos;
    }
}
