package io.larder.server.work;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers that maintenance runs on: a {@link ForkJoinPool} in async mode, so that each worker's
 * queue is first in, first out, and an idle worker steals from a busy one's. Owns its threads,
 * which are daemons. For any thread.
 */
public final class MaintenancePool implements Executor, AutoCloseable {
    private static final int CLOSE_SECONDS_MAX = 10;

    private final ForkJoinPool pool;

    /**
     * @param parallelism workers, at least 1
     * @param errors told of what a task throws past its actor
     */
    public MaintenancePool(int parallelism, Consumer<Throwable> errors) {
        pool =
                new ForkJoinPool(
                        parallelism,
                        MaintenancePool::worker,
                        (thread, error) -> errors.accept(error),
                        true);
    }

    private static ForkJoinWorkerThread worker(ForkJoinPool pool) {
        ForkJoinWorkerThread worker =
                ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        worker.setName("larder-maintenance-" + worker.getPoolIndex());
        return worker;
    }

    /** Queues a task: on the calling worker's own deque, or on a shared one from outside. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(new Turn(task));
        } catch (RejectedExecutionException e) {
            // Closing: nothing that is still asked for matters any more.
            assert pool.isShutdown();
        }
    }

    /**
     * A task's turn. A worker empties its own deque, where a task that has work left queues itself
     * anew, before it looks at what came from outside; so each turn first brings one of those over.
     */
    private static final class Turn extends ForkJoinTask<Void> {
        private final transient Runnable task;

        Turn(Runnable task) {
            this.task = task;
        }

        @Override
        protected boolean exec() {
            ForkJoinTask<?> waiting = pollSubmission();
            if (waiting != null) {
                var unused = waiting.fork();
            }
            task.run();
            return true;
        }

        @Override
        public @Nullable Void getRawResult() {
            return null;
        }

        @Override
        protected void setRawResult(@Nullable Void value) {}
    }

    /** How many tasks one worker has taken from another's queue. */
    public long steals() {
        return pool.getStealCount();
    }

    /** Lets running tasks end, drops the others. Locking: waits up to ten seconds. */
    @Override
    public void close() {
        pool.shutdownNow();
        boolean interrupted = false;
        try {
            pool.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
