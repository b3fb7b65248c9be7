package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import org.jspecify.annotations.Nullable;

/**
 * Works beside the clients, on a thread of its own, until it is closed. Started, ended and closed
 * by one thread.
 */
abstract class Companion implements AutoCloseable {
    private final String name;
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile @Nullable Throwable failure;

    /**
     * @param name what it is called in failures
     */
    Companion(String name) {
        this.name = name;
        this.thread = new Thread(this::run, "linearizable-" + name);
    }

    /** Its work; returns soon after it {@link #isClosed}. What it throws, {@link #join} tells. */
    abstract void work() throws Exception;

    final void start() {
        thread.setDaemon(true);
        thread.start();
    }

    final boolean isClosed() {
        return isClosed;
    }

    private void run() {
        try {
            work();
        } catch (Exception | Error e) {
            failure = e;
        }
    }

    /**
     * Closes it. Locking: blocks until its thread has ended.
     *
     * @throws BenchException if the work has failed
     */
    final void join() {
        close();
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException(name + ": " + thrown, thrown);
        }
    }

    @Override
    public final void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
