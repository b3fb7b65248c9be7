package io.larder.client.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way, and the caller's future of its result: one object for both. The immutable
 * fields may be read by anyone; the mutable ones belong to whoever holds the call: its caller, then
 * the {@link HandOff}, then the event loop.
 */
/*
 *   new --> handed off --> waiting --> pending (sent) --> done
 *               |            |  ^          |
 *               |            |  +-- delayed (server busy, connection lost)
 *               |            +- parked (its region is being opened)
 *               +------------+-------------+--> done: timeout, lost, closed, cancelled
 *
 * A caller may cancel or even complete the future at any time. That changes nothing about who holds
 * the call: it leaves the window only when the event loop lets go of it, exactly once. The event loop
 * is told of a cancellation. `link` is written before the call is handed off, and seen by all who
 * have the future from their caller; should one see an older link, that one does not know the call,
 * and it ends by its deadline.
 */
final class Call<T> extends CompletableFuture<T> implements MayWrite {
    final Request request;
    final ReplyReader<T> reader;
    final long timeoutNanos;
    final long deadlineNanos;

    /** True for calls of the client itself: they hold nothing in the window and complete inline. */
    final boolean internal;

    /** Where it was submitted last; null before. Read by whoever cancels. */
    @Nullable ServerLink link;

    /** Of the request, while it is pending. */
    int id;

    @Nullable Call<?> next;
    int attempts;
    long retryAtNanos;

    /** True once it was sent on a connection that was lost, so that it may have been applied. */
    boolean wasLost;

    /** True once it has been sent again because bytes of it or of its reply were damaged. */
    boolean wasDamaged;

    /** The frame of the last reply; 0 if none has come. */
    int replyBytes;

    /** The last reply's status, if one has come. */
    int replyStatus;

    /** Of a BATCH, what became of its items; null of a call for one. */
    @Nullable Tally tally;

    private Call(
            Request request,
            ReplyReader<T> reader,
            long nowNanos,
            long timeoutNanos,
            boolean internal) {
        this.request = request;
        this.reader = reader;
        this.timeoutNanos = timeoutNanos;
        this.deadlineNanos = nowNanos + timeoutNanos;
        this.internal = internal;
    }

    /** A caller's call. */
    static <T> Call<T> of(
            Request request, ReplyReader<T> reader, long nowNanos, long timeoutNanos) {
        return new Call<>(request, reader, nowNanos, timeoutNanos, false);
    }

    /** A call of the client itself. */
    static <T> Call<T> internal(
            Request request, ReplyReader<T> reader, long nowNanos, long timeoutNanos) {
        return new Call<>(request, reader, nowNanos, timeoutNanos, true);
    }

    @Override
    public boolean isWrite() {
        return request.isWrite();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        ServerLink present = link;
        if (cancelled && present != null) {
            present.cancelled(this);
        }
        return cancelled;
    }

    /** Bytes it takes in windows: its frame on the wire. */
    int frameBytes() {
        return request.frameBytes();
    }

    /** When it began. */
    long startNanos() {
        return deadlineNanos - timeoutNanos;
    }

    boolean isOverdue(long nowNanos) {
        return deadlineNanos - nowNanos <= 0;
    }

    /** What is left until the deadline, rounded up to at least 1 ms. */
    int remainingMillis(long nowNanos) {
        long nanos = deadlineNanos - nowNanos;
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    long timeoutMillis() {
        return TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    }
}
