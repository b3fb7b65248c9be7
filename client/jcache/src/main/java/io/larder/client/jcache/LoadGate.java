package io.larder.client.jcache;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets a cache's loads in the background through until it is closed: none begins after that, and
 * the loader is not closed while one is under way. Any thread.
 */
final class LoadGate {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean isClosed; // guarded by lock

    /**
     * Runs it, unless the gate is closed; false if it is.
     *
     * <p>Locking: runs the program's code with the gate held open.
     */
    boolean pass(Runnable load) {
        lock.readLock().lock();
        try {
            if (!isClosed) {
                load.run();
            }
            return !isClosed;
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Lets nothing through any more.
     *
     * <p>Locking: waits for those that are on their way, so long at most; not for the calling
     * thread's own.
     */
    void close(long timeoutMillis) {
        if (lock.getReadHoldCount() > 0) {
            return; // a loader closes its cache: what runs is its own, and the cache says no to
            // more
        }
        try {
            if (lock.writeLock().tryLock(timeoutMillis, TimeUnit.MILLISECONDS)) {
                try {
                    isClosed = true;
                } finally {
                    lock.writeLock().unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
