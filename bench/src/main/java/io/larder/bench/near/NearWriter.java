package io.larder.bench.near;

import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import java.util.SplittableRandom;

/** Writes the keys of its share, over a connection that nothing befalls. One thread. */
final class NearWriter implements Runnable {
    private static final int DELETE_PER_HUNDRED = 3;

    private final BytesCache cache;
    private final WriteHistory history;
    private final NearTally tally;
    private final int share;
    private final int shares;
    private final SplittableRandom random;
    private final NearRun run;
    private final long[] numbers = new long[NearWorkload.KEYS];

    NearWriter(NearRun run, BytesCache cache, int share, int shares) {
        this.cache = cache;
        this.history = run.history;
        this.tally = run.tally;
        this.share = share;
        this.shares = shares;
        this.random = run.random();
        this.run = run;
    }

    /** Writes every key of its share once. */
    void fill() {
        for (int key = share; key < NearWorkload.KEYS; key += shares) {
            write(key, false);
        }
    }

    @Override
    public void run() {
        while (!run.isOver()) {
            int key = run.nextKey(random) / shares * shares + share;
            if (key < NearWorkload.KEYS) {
                write(key, random.nextInt(100) < DELETE_PER_HUNDRED);
            }
            NearRun.pause(run.writePauseNanos());
        }
    }

    private void write(int key, boolean deletes) {
        long number = ++numbers[key];
        try {
            if (deletes) {
                cache.delete(NearWorkload.key(key));
            } else {
                cache.put(NearWorkload.key(key), NearWorkload.value(key, number));
            }
            history.acknowledged(key, number, System.nanoTime());
            tally.writes.increment();
        } catch (LarderException e) {
            tally.failedWrites.increment();
        }
    }
}
