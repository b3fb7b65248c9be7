package io.larder.client.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The bound on calls that have not completed, in number and in bytes of their frames. Any thread
 * may acquire and release.
 */
/*
 *   used:  | calls, 23 bits | bytes, 41 bits |     one word, so one CAS takes both
 *
 * Waiters queue. One that enters announces itself (`waiters`) and then tries once more; one that
 * releases changes `used` and then looks at `waiters`. Both are sequentially consistent, so
 * either the waiter sees the room or the releaser sees the waiter. Only the eldest is woken, and
 * whoever leaves the queue wakes the next: no wake-up is lost and there is no stampede.
 * Newcomers may overtake.
 */
final class Window {
    private static final int BYTES_BITS = 41;
    private static final long ONE_CALL = 1L << BYTES_BITS;
    private static final long BYTES_MASK = ONE_CALL - 1;

    private final int callsMax;
    private final long bytesMax;
    private final LongSupplier nanoClock;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger waiters = new AtomicInteger();
    private final ConcurrentLinkedQueue<Thread> queue = new ConcurrentLinkedQueue<>();

    /**
     * @param callsMax from 1 to 65,536
     * @param bytesMax from 1 to 2^36
     * @param nanoClock as {@link System#nanoTime}
     */
    Window(int callsMax, long bytesMax, LongSupplier nanoClock) {
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
        this.nanoClock = nanoClock;
    }

    int calls() {
        return (int) (used.get() >>> BYTES_BITS);
    }

    long bytes() {
        return used.get() & BYTES_MASK;
    }

    int callsMax() {
        return callsMax;
    }

    long bytesMax() {
        return bytesMax;
    }

    /** Takes room for a call of so many bytes, if there is. */
    boolean tryAcquire(int frameBytes) {
        while (true) {
            long present = used.get();
            boolean full =
                    (present >>> BYTES_BITS) >= callsMax
                            || (present & BYTES_MASK) + frameBytes > bytesMax;
            if (full) {
                return false;
            }
            if (used.compareAndSet(present, present + ONE_CALL + frameBytes)) {
                return true;
            }
        }
    }

    /** Takes room that may not be there; for the rare call that continues one which had room. */
    void acquireBeyondLimit(int frameBytes) {
        used.addAndGet(ONE_CALL + frameBytes);
    }

    /**
     * Takes room, waiting for it until the deadline; false if there was none by then.
     *
     * <p>Locking: parks the calling thread.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    boolean acquire(int frameBytes, long deadlineNanos) throws InterruptedException {
        if (tryAcquire(frameBytes)) {
            return true;
        }
        Thread self = Thread.currentThread();
        queue.add(self);
        waiters.incrementAndGet();
        try {
            while (!tryAcquire(frameBytes)) {
                long leftNanos = deadlineNanos - nanoClock.getAsLong();
                if (leftNanos <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, leftNanos);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for the window");
                }
            }
            return true;
        } finally {
            queue.remove(self);
            waiters.decrementAndGet();
            wakeEldest();
        }
    }

    /** Gives back what an acquire took; exactly once for each. */
    void release(int frameBytes) {
        long left = used.addAndGet(-(ONE_CALL + frameBytes));
        assert left >= 0 : left;
        wakeEldest();
    }

    private void wakeEldest() {
        if (waiters.get() > 0) {
            LockSupport.unpark(queue.peek());
        }
    }
}
