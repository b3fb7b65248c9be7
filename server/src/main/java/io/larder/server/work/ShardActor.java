package io.larder.server.work;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One shard's background work: requests come in from anywhere, the task runs on the pool, never
 * twice at once, and no request is lost.
 */
public final class ShardActor implements Runnable {
    /*
     *            request                   run, by a worker
     *   IDLE --------------> SCHEDULED ---------------------> RUNNING
     *    ^                     |   ^                           |   |
     *    |                     |   +------ work is left -------+   | request
     *    +------- none left ---|-----------------------------------+   v
     *                          |   +------ asked anew ------- RUNNING_AGAIN
     *                  tryRun  |                                   ^
     *                          +---> RUNNING_QUEUED ---- run ------+
     *                                     |
     *   SCHEDULED <-------- done ---------+
     *
     * SCHEDULED and RUNNING_QUEUED are exactly the states in which the pool holds an entry for this
     * actor, and it never holds two: whoever enters SCHEDULED otherwise than from RUNNING_QUEUED
     * adds one. tryRun lets a writer that waits for memory take the role. What it does is not what
     * was requested, so from SCHEDULED it goes by RUNNING_QUEUED, and back to SCHEDULED with the
     * entry still queued; a worker that meets the entry meanwhile uses it up and leaves
     * RUNNING_AGAIN. At most one thread is between entering a RUNNING state and leaving the last;
     * all changes are CAS or set on one volatile, so what one run did happens before the next.
     */
    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int RUNNING_AGAIN = 3;
    private static final int RUNNING_QUEUED = 4;

    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final Executor pool;
    private final ShardTask task;
    private final int budget;
    private final Consumer<Throwable> errors;

    /**
     * @param budget units of work per turn on the pool
     * @param errors told of whatever the task throws; the actor then stays in service
     */
    public ShardActor(Executor pool, ShardTask task, int budget, Consumer<Throwable> errors) {
        this.pool = pool;
        this.task = task;
        this.budget = budget;
        this.errors = errors;
    }

    /** Has the task run soon, again if it is running now. Locking: none. */
    public void request() {
        while (true) {
            int seen = state.get();
            if (seen != IDLE && seen != RUNNING) {
                return;
            }
            int wanted = seen == IDLE ? SCHEDULED : RUNNING_AGAIN;
            if (state.compareAndSet(seen, wanted)) {
                if (wanted == SCHEDULED) {
                    pool.execute(this);
                }
                return;
            }
        }
    }

    /** For the pool. */
    @Override
    public void run() {
        int seen = state.get();
        while (seen == SCHEDULED || seen == RUNNING_QUEUED) {
            if (state.compareAndSet(SCHEDULED, RUNNING)) {
                work(task);
                return;
            }
            if (state.compareAndSet(RUNNING_QUEUED, RUNNING_AGAIN)) {
                return;
            }
            seen = state.get();
        }
    }

    /**
     * Runs {@code work} on the calling thread in the task's stead if the task is not running; says
     * whether it did.
     */
    public boolean tryRun(ShardTask work) {
        if (state.compareAndSet(IDLE, RUNNING) || state.compareAndSet(SCHEDULED, RUNNING_QUEUED)) {
            work(work);
            return true;
        }
        return false;
    }

    private void work(ShardTask work) {
        int left = 0;
        try {
            left = work.run(budget);
        } catch (Throwable e) {
            errors.accept(e);
        } finally {
            finish(left > 0);
        }
    }

    private void finish(boolean left) {
        if (state.compareAndSet(RUNNING_QUEUED, SCHEDULED)
                || (!left && state.compareAndSet(RUNNING, IDLE))) {
            return;
        }
        // RUNNING with work left, or RUNNING_AGAIN: only this thread leaves either.
        state.set(SCHEDULED);
        pool.execute(this);
    }
}
