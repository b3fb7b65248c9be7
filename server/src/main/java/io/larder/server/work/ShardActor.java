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
     *            request                    run, by a worker
     *   IDLE --------------> SCHEDULED ----------------------> RUNNING
     *    ^ ^                    ^  ^                            |  |
     *    | |                    |  +------- work is left -------+  | request
     *    | +---- none left -----|-------------------------------+  v
     *    |                      +----- done, asked anew ---- RUNNING_AGAIN
     *
     * tryRun lets a writer that waits for memory take the role: IDLE or SCHEDULED -> RUNNING. What
     * it does is not what was requested, so from SCHEDULED it returns there. The pool may hold an
     * entry for an actor that is not SCHEDULED any more, or two for one that is; run does nothing
     * unless its own CAS takes SCHEDULED to RUNNING, so at most one thread is between that CAS and
     * the leaving of RUNNING. All changes are CAS or set on one volatile: what one run did happens
     * before the next.
     */
    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int RUNNING_AGAIN = 3;

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
            if (seen == SCHEDULED || seen == RUNNING_AGAIN) {
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
        if (state.compareAndSet(SCHEDULED, RUNNING)) {
            work(task, false);
        }
    }

    /**
     * Runs {@code work} on the calling thread in the task's stead if the task is not running; says
     * whether it did.
     */
    public boolean tryRun(ShardTask work) {
        if (state.compareAndSet(IDLE, RUNNING)) {
            work(work, false);
            return true;
        }
        if (state.compareAndSet(SCHEDULED, RUNNING)) {
            work(work, true);
            return true;
        }
        return false;
    }

    private void work(ShardTask work, boolean requestedMeanwhile) {
        int left = 0;
        try {
            left = work.run(budget);
        } catch (Throwable e) {
            errors.accept(e);
        } finally {
            if (left > 0 || requestedMeanwhile || !state.compareAndSet(RUNNING, IDLE)) {
                state.set(SCHEDULED);
                pool.execute(this);
            }
        }
    }
}
