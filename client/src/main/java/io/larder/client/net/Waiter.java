package io.larder.client.net;

import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.LarderException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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
     * Waits for a result. A future completes by itself when its time is up; only if the event loop
     * is kept from doing so does this wait end first, a second later.
     *
     * <p>Locking: parks the calling thread.
     *
     * @throws LarderException as the future failed with, but with the stack of the caller
     */
    <T> T await(CompletableFuture<T> future) {
        return await(
                future,
                () ->
                        new RequestTimeoutException(
                                "the client's event loop is stalled, by a callback that blocks it"
                                        + " or a machine that gives it no time: "
                                        + router.whereabouts(),
                                isWrite(future)));
    }

    /**
     * Waits for the first attempts to connect, of which each has a timer of its own.
     *
     * <p>Locking: parks the calling thread.
     */
    void awaitConnected(CompletableFuture<?> attempts) {
        await(
                attempts,
                () ->
                        new NotConnectedException(
                                "cannot connect: no attempt has ended, nor been given up, within "
                                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos + GRACE_NANOS)
                                        + " ms; the client's threads get no time: "
                                        + router.whereabouts(),
                                null));
    }

    private <T> T await(CompletableFuture<T> future, Supplier<LarderException> stalled) {
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
            LarderException failure = stalled.get();
            future.cancel(false);
            throw failure;
        }
    }

    private static boolean isWrite(CompletableFuture<?> future) {
        return future instanceof MayWrite write && write.isWrite();
    }
}
