package io.larder.client.jcache;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager's own threads, daemons that end when they are idle: four at most for {@code loadAll},
 * one for listeners that are not synchronous. A load too many runs on its caller's thread; an event
 * too many, when listeners are 10,000 behind, is dropped, and the log says so the first time. Any
 * thread.
 */
final class Background implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final int LOADING_THREADS_MAX = 4;
    private static final int LOADS_WAITING_MAX = 1_000;
    private static final int EVENTS_WAITING_MAX = 10_000;
    private static final long IDLE_SECONDS_MAX = 10;

    private final ThreadPoolExecutor loads =
            pool("larder-jcache-load", LOADING_THREADS_MAX, LOADS_WAITING_MAX);
    private final ThreadPoolExecutor events = pool("larder-jcache-events", 1, EVENTS_WAITING_MAX);
    private final AtomicBoolean hasSaidDropped = new AtomicBoolean();

    Background() {
        loads.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private static ThreadPoolExecutor pool(String name, int threads, int waitingMax) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS_MAX,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(waitingMax),
                        work -> {
                            Thread thread = new Thread(work, name);
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs a load; not on a thread of the client, whose answers it waits for. */
    void load(Runnable work) {
        loads.execute(work);
    }

    /** Tells a listener, after all that were told before. */
    void tell(Runnable work) {
        try {
            events.execute(() -> logFailure(work));
        } catch (RejectedExecutionException e) {
            if (!events.isShutdown() && !hasSaidDropped.getAndSet(true)) {
                LOG.warn("listeners are {} events behind: events are dropped", EVENTS_WAITING_MAX);
            }
        }
    }

    private static void logFailure(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("listener failed", e);
        }
    }

    /** What waits is still done; nothing new is taken. */
    @Override
    public void close() {
        loads.shutdown();
        events.shutdown();
    }
}
