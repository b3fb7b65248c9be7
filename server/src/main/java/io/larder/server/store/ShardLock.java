package io.larder.server.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A shard's write lock: spins a little, then parks. Not reentrant, not fair, for any thread. */
final class ShardLock {
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
     * Swaps are volatile: one critical section happens before the next.
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

    /** Takes the lock. Locking: spins, then parks until it is free. */
    void lock() {
        for (int spin = 0; spin <= SPINS; spin++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lockParked();
    }

    boolean tryLock() {
        return state == FREE && STATE.compareAndSet(this, FREE, TAKEN);
    }

    private void lockParked() {
        Thread self = Thread.currentThread();
        boolean interrupted = false;
        waiters.add(self);
        while ((int) STATE.getAndSet(this, CONTENDED) != FREE) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        waiters.remove(self);
        if (interrupted) {
            self.interrupt();
        }
    }

    void unlock() {
        if ((int) STATE.getAndSet(this, FREE) == CONTENDED) {
            Thread waiter = waiters.peek();
            if (waiter != null) {
                LockSupport.unpark(waiter);
            }
        }
    }

    /** Whether some thread holds it; for assertions, which cannot tell which. */
    boolean isLocked() {
        return state != FREE;
    }
}
