package io.larder.client.jcache;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.cache.CacheException;

/**
 * Has the operations of this program on one key take turns, where the server cannot: if each calls
 * a writer, whose calls are to come in the order of the changes, or listeners, who are to hear of
 * them in that order, or an entry processor, which is better not run twice. Where nothing but the
 * entry changes no key is locked: compare-and-set on the server does.
 *
 * <p>Locking: these locks are held while the server and the program's code are called, as nothing
 * else is. A writer, listener or processor that changes other keys of the cache can so meet another
 * that does the reverse: then one of them gives up after the timeout, and its operation throws.
 */
final class KeyLocks {
    private static final int STRIPES = 256; // a power of two

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final long timeoutMillis;

    KeyLocks(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        Arrays.setAll(stripes, index -> new ReentrantLock());
    }

    /**
     * Runs it with the key locked.
     *
     * @throws CacheException if others do not let go of the key in time
     */
    <T> T locked(RawKey rawKey, Supplier<T> work) {
        int hash = rawKey.hashCode();
        ReentrantLock stripe = stripes[(hash ^ hash >>> 16) & STRIPES - 1];
        acquire(stripe);
        try {
            return work.get();
        } finally {
            stripe.unlock();
        }
    }

    private void acquire(ReentrantLock stripe) {
        try {
            if (!stripe.tryLock(timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new CacheException(
                        "the key is locked since "
                                + timeoutMillis
                                + " ms ("
                                + LarderCachingProvider.LOCK_TIMEOUT_MILLIS
                                + "): by a writer, listener or entry processor that takes longer, or"
                                + " two that wait for one another");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException("interrupted while waiting for a key", e);
        }
    }
}
