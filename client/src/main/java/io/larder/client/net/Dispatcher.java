package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brings each reply to its call, or back to the queue if the server was too busy. One thread:
 * the event loop.
 */
/*
 * A reply has to match an unanswered request by its id and repeat its opcode. One that does not is
 * no answer to anything: the connection it came on cannot be trusted and is to be closed, which is
 * what a returned text asks for. A late answer to an abandoned request does match, and is dropped.
 *
 * BUSY and SHUTTING_DOWN say that nothing was done, so any operation may be sent again, with a new
 * id, a bounded number of times, and never past the deadline. BUSY: after the time the server asks
 * for, or a growing one of the client's own, with jitter. SHUTTING_DOWN: over the next connection.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long RETRY_MILLIS_MIN = 5;
    private static final int RETRY_SHIFT_MAX = 8;

    private final PiecedReplies pieces = new PiecedReplies();
    private final PendingRequests pending;
    private final WaitingCalls delayed;
    private final Completion completion;
    private final Failures failures;
    private final int busyRetriesMax;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;

    /**
     * @param delayed where calls wait for their next try
     * @param random from 0 to below 1
     */
    Dispatcher(
            PendingRequests pending,
            WaitingCalls delayed,
            Completion completion,
            Failures failures,
            int busyRetriesMax,
            LongSupplier nanoClock,
            DoubleSupplier random) {
        this.pending = pending;
        this.delayed = delayed;
        this.completion = completion;
        this.failures = failures;
        this.busyRetriesMax = busyRetriesMax;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /** Handles one reply; returns null, or why the connection is to be closed. */
    @Nullable String onReply(Reply reply) {
        int slot = pending.slotOf(reply.requestId());
        if (slot < 0) {
            return "a reply to a request that is not unanswered, id 0x"
                    + Integer.toHexString(reply.requestId());
        }
        Call<?> call = pending.callAt(slot);
        if (call != null && call.request.opcode.code() != reply.opcode()) {
            return "a reply of opcode 0x"
                    + Integer.toHexString(reply.opcode())
                    + " to a "
                    + call.request.opcode;
        }
        if (pieces.isPiece(reply)) {
            return onPiece(slot, call, reply);
        }
        return onWhole(slot, call, reply);
    }

    /** Frees everything that has come of replies in pieces: the connection is gone. */
    void forgetPieces() {
        pieces.clear();
    }

    private @Nullable String onPiece(int slot, @Nullable Call<?> call, Reply reply) {
        ByteBuf whole;
        try {
            whole = pieces.take(reply);
        } catch (Reply.UnreadableReplyException | OutOfMemoryError e) {
            return "unreadable reply: " + e.getMessage();
        }
        return whole == null ? null : onWhole(slot, call, reply.wrap(whole, 0));
    }

    private @Nullable String onWhole(int slot, @Nullable Call<?> call, Reply reply) {
        pending.release(slot);
        if (call == null) {
            LOG.debug("a reply after its call had timed out");
        } else if (Status.isError(reply.status())) {
            onError(call, reply);
        } else {
            onResult(call, reply);
        }
        return Status.isFatal(reply.status()) ? "fatal status " + statusName(reply) : null;
    }

    private <T> void onResult(Call<T> call, Reply reply) {
        T result;
        try {
            result = call.reader.read(reply);
        } catch (LarderException e) {
            completion.fail(call, e);
            return;
        } catch (RuntimeException | OutOfMemoryError e) {
            completion.fail(call, failures.unreadable(call, e));
            return;
        }
        completion.succeed(call, result);
    }

    private void onError(Call<?> call, Reply reply) {
        LarderException failure;
        try {
            if (isRetried(call, reply)) {
                return;
            }
            failure = failures.refused(call.request, reply);
        } catch (Reply.UnreadableReplyException e) {
            failure = failures.unreadable(call, e);
        }
        completion.fail(call, failure);
    }

    private boolean isRetried(Call<?> call, Reply reply) {
        boolean nothingDone = reply.is(Status.BUSY) || reply.is(Status.SHUTTING_DOWN);
        if (!nothingDone || call.attempts >= busyRetriesMax) {
            return false;
        }
        long waitNanos = reply.is(Status.BUSY) ? busyNanos(call, reply) : 0;
        long retryAtNanos = nanoClock.getAsLong() + waitNanos;
        if (call.deadlineNanos - retryAtNanos <= 0) {
            return false;
        }
        call.attempts++;
        call.retryAtNanos = retryAtNanos;
        delayed.addLast(call);
        return true;
    }

    private long busyNanos(Call<?> call, Reply reply) {
        long ownMillis = RETRY_MILLIS_MIN << Math.min(call.attempts, RETRY_SHIFT_MAX);
        long askedMillis = reply.retryAfterMillis();
        double jitter = 1 + random.getAsDouble() / 2;
        double waitMillis = (askedMillis >= 0 ? askedMillis : ownMillis) * jitter;
        return (long) (waitMillis * TimeUnit.MILLISECONDS.toNanos(1));
    }

    static String statusName(Reply reply) {
        Status status = Status.of(reply.status());
        return status == null ? "0x" + Integer.toHexString(reply.status()) : status.name();
    }
}
