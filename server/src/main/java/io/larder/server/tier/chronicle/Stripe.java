package io.larder.server.tier.chronicle;

import io.larder.server.store.Mutation;
import io.larder.server.store.OpenFills;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The writers of a part of the keys, one at a time: what a shard is to the sharded store. */
final class Stripe {
    final int id;
    final OpenFills fills = new OpenFills(); // under the lock
    private final ReentrantLock lock = new ReentrantLock();
    private long versionLast; // under the lock

    Stripe(int id, long versionLast) {
        this.id = id;
        this.versionLast = versionLast;
    }

    /** Locking: takes it, if it is to be had in time. */
    boolean lock(long nanosMax) {
        if (nanosMax == Mutation.UNLIMITED) {
            lock.lock();
            return true;
        }
        try {
            return lock.tryLock(nanosMax, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    long versionLast() {
        return versionLast;
    }

    /** What the next write's version is above. */
    void raiseTo(long version) {
        versionLast = Math.max(versionLast, version);
    }

    long nextVersion(long nowMillis) {
        assert lock.isHeldByCurrentThread();
        versionLast = Math.max(versionLast + 1, nowMillis << 8);
        return versionLast;
    }
}
