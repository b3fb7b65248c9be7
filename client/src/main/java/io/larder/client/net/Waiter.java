package io.larder.client.net;

import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.LarderException;
import io.larder.client.api.RequestTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What blocks a caller's thread until a future of a client completes. Any thread but the client's
 * event loops.
 *
 * @param timeoutNanos after which the future should have completed by itself
 */
record Waiter(Router router, long timeoutNanos) {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The same for futures of another timeout. */
    Waiter withTimeout(Duration timeout) {
        return new Waiter(router, timeout.toNanos());
    }

    /**
     * @throws IllegalStateException on the event loop, which would wait for itself
     */
    void requireMayWait() {
        if (router.inEventLoop()) {
            throw new IllegalStateException(
                    "thread: "
                            + Thread.currentThread().getName()
                            + " is the client's event loop, which cannot wait for itself"
                            + " (expected: another one; use async() or a callbackExecutor)");
        }
    }

    /**
     * Waits for a result. A future completes by itself when its time is up; only if a callback
     * keeps the event loop from doing so does this wait end first, a second later.
     *
     * <p>Locking: parks the calling thread.
     *
     * @throws LarderException as the future failed with, but with the stack of the caller
     */
    <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(timeoutNanos + GRACE_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LarderException failure) {
                failure.fillInStackTrace();
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(
                    "interrupted while waiting for an answer", e, isWrite(future));
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new RequestTimeoutException(
                    "the client's event loop is stalled: a callback blocks it", isWrite(future));
        }
    }

    private static boolean isWrite(CompletableFuture<?> future) {
        return future instanceof MayWrite write && write.isWrite();
    }
}
