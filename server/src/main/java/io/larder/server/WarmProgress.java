package io.larder.server;

import io.larder.server.net.Readiness;
import io.larder.server.store.RebuildProgress;
import io.larder.server.warm.WarmState;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far a store has come with finding again what it had, to those who ask whether the
 * server is ready, and now and then in the log. Has a thread of its own, until it is closed.
 */
final class WarmProgress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmProgress.class);
    private static final long SHOW_MILLIS = 100;
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final WarmState state;
    private final Readiness readiness;
    private final ScheduledExecutorService thread;
    private long loggedNanos = System.nanoTime(); // of the thread

    private WarmProgress(WarmState state, Readiness readiness) {
        this.state = state;
        this.readiness = readiness;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread created = new Thread(task, "larder-warm-progress");
                            created.setDaemon(true);
                            return created;
                        });
    }

    /** Begins to show it, if there is something to be found again; else null. */
    static @Nullable WarmProgress show(@Nullable WarmState state, Readiness readiness) {
        if (state == null || state.phase() != WarmState.Phase.REBUILDING) {
            return null;
        }
        WarmProgress shown = new WarmProgress(state, readiness);
        var unused =
                shown.thread.scheduleWithFixedDelay(
                        shown::show, 0, SHOW_MILLIS, TimeUnit.MILLISECONDS);
        return shown;
    }

    private void show() {
        RebuildProgress progress = state.progress();
        int segments = progress.segments();
        readiness.warming(
                segments == 0 ? 0 : Math.min(1, (double) progress.segmentsDone() / segments));
        if (System.nanoTime() - loggedNanos > LOG_NANOS) {
            loggedNanos = System.nanoTime();
            LOG.info("{}", state.line());
        }
    }

    /** Ends it. Locking: waits until nothing more is shown. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
