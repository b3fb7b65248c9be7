package io.larder.server.command;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The last {@link #CAPACITY} requests and read batches that took longer than a threshold. Any
 * thread may call anything.
 *
 * <p>What is asked for each request is one volatile load. Only what was slow takes the monitor, for
 * as long as putting one entry into the ring takes.
 */
public final class SlowLog {
    /** Entries kept; a further one drops the oldest. */
    public static final int CAPACITY = 128;

    /** Bytes kept of a key. */
    public static final int KEY_BYTES_MAX = 256;

    /** The command of an entry that tells of a whole read batch. */
    public static final String READ_BATCH = "READ_BATCH";

    private final ArrayDeque<SlowRequest> entries = new ArrayDeque<>(CAPACITY); // guarded by this
    private volatile long thresholdNanos; // 0: off
    private volatile Consumer<SlowRequest> listener = entry -> {};

    /**
     * Sets from when on something is slow.
     *
     * @param millis 0 to keep nothing
     */
    public void thresholdMillis(long millis) {
        thresholdNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void thresholdNanos(long nanos) {
        thresholdNanos = nanos;
    }

    /** Sets who is told of each entry, on the thread that adds it; it must not block. */
    public void onSlow(Consumer<SlowRequest> newListener) {
        listener = newListener;
    }

    /** Whether something that took so long is to be kept. */
    boolean isSlow(long nanos) {
        long threshold = thresholdNanos;
        return threshold > 0 && nanos >= threshold;
    }

    void add(SlowRequest entry) {
        synchronized (this) {
            if (entries.size() == CAPACITY) {
                entries.removeFirst();
            }
            entries.addLast(entry);
        }
        listener.accept(entry);
    }

    /** The newest entries, at most {@code count}, the newest first. */
    public List<SlowRequest> newest(int count) {
        List<SlowRequest> newest = new ArrayList<>();
        synchronized (this) {
            newest.addAll(entries);
        }
        Collections.reverse(newest);
        return List.copyOf(newest.subList(0, Math.min(count, newest.size())));
    }

    /** How many entries there are. */
    public synchronized int size() {
        return entries.size();
    }

    /** Drops all entries. */
    public synchronized void clear() {
        entries.clear();
    }
}
