package io.larder.server.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A shard's write lock: spins a little, then parks. Not reentrant, not fair, for any thread. A
 * thread that would wait for itself gets an IllegalStateException instead.
 */
class ShardLock {
    /*
     * Drepper's mutex ["Futexes are tricky", mutex2] with a queue in place of the kernel's.
     *
     *            lock                       lock, seen taken
     *   FREE ----------> TAKEN -----------------------------> CONTENDED
     *     ^               |                                      |
     *     +--- unlock ----+-------- unlock, wakes one -----------+
     *
     * A waiter queues itself, then swaps in CONTENDED: if it got FREE it has the lock, else it
     * parks and tries again. Unlock swaps in FREE; if it got CONTENDED it wakes the queue's head.
     * No wake-up is lost: the waiter was queued before its swap, so whichever unlock took its
     * CONTENDED away sees it in the queue, or sees one before it that will itself leave CONTENDED
     * behind (a waiter acquires by swapping in CONTENDED, not TAKEN) and so wake the next.
     *
     * A waiter that gives up may be the head that an unlock has just chosen to wake. So it leaves
     * the queue first and then swaps once more. If it gets FREE, it has the lock after all, and
     * its own unlock wakes the next. Else some thread holds the lock, and that thread's unlock
     * comes after this swap: it takes CONTENDED away and finds a queue without the one that left.
     * Without that last swap the lock could stay FREE while the others sleep.
     *
     * Swaps are volatile: one critical section happens before the next. The owner is plain: a
     * thread finds itself there only if it wrote that itself and has not unlocked since.
     */
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int CONTENDED = 2;
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ShardLock.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConcurrentLinkedQueue<Thread> waiters = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state;

    private long owner; // its thread's id, written by the owner; 0 if none

    /**
     * Takes the lock. Locking: spins, then parks until it is free.
     *
     * @throws IllegalStateException if this thread holds it
     */
    final void lock() {
        if (!spin()) {
            park(false, 0);
        }
        owner = Thread.currentThread().getId();
    }

    /**
     * Takes the lock if that is possible within {@code nanos}; says whether it was. Locking: spins,
     * then parks until then.
     *
     * @throws IllegalStateException if this thread holds it
     */
    final boolean tryLock(long nanos) {
        long deadlineNanos = System.nanoTime() + nanos;
        if (!spin() && !park(true, deadlineNanos)) {
            return false;
        }
        owner = Thread.currentThread().getId();
        return true;
    }

    boolean spin() {
        for (int spin = 0; spin <= SPINS; spin++) {
            if (state == FREE && STATE.compareAndSet(this, FREE, TAKEN)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private boolean park(boolean timed, long deadlineNanos) {
        Thread self = Thread.currentThread();
        if (owner == self.getId()) {
            throw new IllegalStateException(
                    "lock: held by this thread (expected: no call of the store from within one)");
        }
        boolean interrupted = false;
        boolean acquired;
        waiters.add(self);
        while (true) {
            acquired = contend();
            if (acquired) {
                waiters.remove(self);
                break;
            }
            long leftNanos = timed ? leftNanos(deadlineNanos) : Long.MAX_VALUE;
            if (leftNanos <= 0) {
                waiters.remove(self);
                acquired = contendOnceMore();
                break;
            }
            if (timed) {
                LockSupport.parkNanos(this, leftNanos);
            } else {
                LockSupport.park(this);
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            self.interrupt();
        }
        return acquired;
    }

    private boolean contend() {
        return (int) STATE.getAndSet(this, CONTENDED) == FREE;
    }

    /** What a waiter that gives up owes the others. */
    boolean contendOnceMore() {
        return contend();
    }

    /** How long a waiter may still wait. */
    long leftNanos(long deadlineNanos) {
        return deadlineNanos - System.nanoTime();
    }

    final void unlock() {
        owner = 0;
        if ((int) STATE.getAndSet(this, FREE) == CONTENDED) {
            Thread waiter = waiters.peek();
            if (waiter != null) {
                LockSupport.unpark(waiter);
            }
        }
    }

    /** Whether some thread holds it; for assertions, which cannot tell which. */
    final boolean isLocked() {
        return state != FREE;
    }
}
