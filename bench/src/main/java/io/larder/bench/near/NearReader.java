package io.larder.bench.near;

import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Reads through a near cache, and judges what it gets. One thread. */
final class NearReader implements Runnable {
    private static final int READS_PER_PAUSE = 128;

    private final BytesCache cache;
    private final WriteHistory history;
    private final NearTally tally;
    private final long boundNanos;
    private final SplittableRandom random;
    private final NearRun run;

    NearReader(NearRun run, BytesCache cache) {
        this.cache = cache;
        this.history = run.history;
        this.tally = run.tally;
        this.boundNanos = run.boundNanos();
        this.random = run.random();
        this.run = run;
    }

    @Override
    public void run() {
        for (int count = 1; !run.isOver(); count++) {
            read(run.nextKey(random));
            if (count % READS_PER_PAUSE == 0) {
                NearRun.pause(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private void read(int key) {
        long beganNanos = System.nanoTime();
        Optional<byte[]> found;
        try {
            found = cache.get(NearWorkload.key(key));
        } catch (LarderException e) {
            tally.failedReads.increment();
            return;
        }
        tally.reads.increment();
        if (found.isPresent()) {
            judge(key, found.get(), beganNanos);
        }
    }

    private void judge(int key, byte[] value, long beganNanos) {
        long number = NearWorkload.writeOf(key, value);
        if (number < 0) {
            tally.wrong.increment();
            return;
        }
        long overwrittenForNanos = history.overwrittenForNanos(key, number, beganNanos);
        tally.old(overwrittenForNanos);
        if (overwrittenForNanos > boundNanos) {
            tally.stale.increment();
        }
    }
}
