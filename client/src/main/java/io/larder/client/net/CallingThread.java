package io.larder.client.net;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a blocking call as an executor: it runs what it is given while it waits for the
 * call's future. Any thread may give it something; what comes after it has left goes elsewhere.
 */
final class CallingThread implements Executor {
    private final Executor afterwards;
    private final ReentrantLock lock = new ReentrantLock(); // pins no virtual thread
    private final Condition changed = lock.newCondition();
    private final Queue<Runnable> tasks = new ArrayDeque<>(1); // guarded by lock
    private boolean hasLeft; // guarded by lock

    CallingThread(Executor afterwards) {
        this.afterwards = afterwards;
    }

    /** What runs tasks that this thread does not. */
    Executor afterwards() {
        return afterwards;
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (!hasLeft) {
                tasks.add(task);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        afterwards.execute(task);
    }

    /**
     * Runs tasks until the future is done, then leaves.
     *
     * <p>Locking: parks the calling thread, which no other one may be.
     *
     * @throws InterruptedException if interrupted while there is nothing to run
     */
    void runUntilDone(CompletableFuture<?> future) throws InterruptedException {
        var unused = future.whenComplete((value, failure) -> wake());
        try {
            Runnable task = next(future);
            while (task != null) {
                task.run();
                task = next(future);
            }
        } finally {
            leave();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable next(CompletableFuture<?> future) throws InterruptedException {
        lock.lock();
        try {
            while (tasks.isEmpty() && !future.isDone()) {
                changed.await();
            }
            return future.isDone() ? null : tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    /** A load that others wait for is not lost because this thread goes. */
    private void leave() {
        Runnable task;
        do {
            lock.lock();
            try {
                hasLeft = true;
                task = tasks.poll();
            } finally {
                lock.unlock();
            }
            if (task != null) {
                afterwards.execute(task);
            }
        } while (task != null);
    }
}
