package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
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
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final PiecedReplies pieces = new PiecedReplies();
    private final PendingRequests pending;
    private final WaitingCalls delayed;
    private final Completion completion;
    private final Failures failures;
    private final Retries retries;
    private final CircuitBreaker circuit;
    private final Joiner joiner;

    /**
     * @param delayed where calls wait for their next try
     */
    Dispatcher(
            PendingRequests pending,
            WaitingCalls delayed,
            Completion completion,
            Failures failures,
            Retries retries,
            CircuitBreaker circuit,
            Joiner joiner) {
        this.pending = pending;
        this.delayed = delayed;
        this.completion = completion;
        this.failures = failures;
        this.retries = retries;
        this.circuit = circuit;
        this.joiner = joiner;
    }

    /** Handles one reply; returns null, or why the connection is to be closed. */
    @Nullable String onReply(Reply reply) {
        if (reply.opcode() == Opcode.CANCEL.code()) {
            return null; // refused, by a server that is stopping; there is nothing to do about it
        }
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

    /** Whether some pieces of a reply have come, and others are under way. */
    boolean isReceiving(int requestId) {
        return pieces.isBegun(requestId);
    }

    /** Frees everything that has come of replies in pieces: the connection is gone. */
    void forgetPieces() {
        pieces.clear();
    }

    private @Nullable String onPiece(int slot, @Nullable Call<?> call, Reply reply) {
        PiecedReplies.Pieces all;
        try {
            all = pieces.take(reply, call != null && call.request.isDamaged(reply));
        } catch (Reply.UnreadableReplyException | OutOfMemoryError e) {
            return "unreadable reply: " + e.getMessage();
        }
        if (all != null) {
            release(slot);
            if (call != null && all.isDamaged()) {
                onDamaged(call);
            } else if (call != null) {
                joiner.join(call, all, value -> onAnswer(call, new Reply().wrap(all.head, value)));
            }
        }
        return null;
    }

    private void release(int slot) {
        pending.release(slot);
        circuit.onAnswer();
        retries.onAnswer();
    }

    private @Nullable String onWhole(int slot, @Nullable Call<?> call, Reply reply) {
        release(slot);
        if (call == null) {
            LOG.debug("a reply after its call had timed out");
        } else if (call.request.isDamaged(reply)) {
            onDamaged(call);
        } else {
            onAnswer(call, reply);
        }
        return Status.isFatal(reply.status()) ? "fatal status " + statusName(reply) : null;
    }

    /** A value is not what the server has sent: a read is sent again, once. */
    private void onDamaged(Call<?> call) {
        if (!call.request.isWrite() && retries.takesDamaged(call)) {
            delayed.addLast(call);
        } else {
            completion.fail(call, failures.damaged(call));
        }
    }

    private void onAnswer(Call<?> call, Reply reply) {
        call.replyBytes = reply.frameBytes();
        call.replyStatus = reply.status();
        if (Status.isError(reply.status())) {
            onError(call, reply);
        } else {
            onResult(call, reply);
        }
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
            if (retries.takesRefused(call, reply)) {
                delayed.addLast(call);
                return;
            }
            failure = failures.refused(call.request, reply);
        } catch (Reply.UnreadableReplyException e) {
            failure = failures.unreadable(call, e);
        }
        completion.fail(call, failure);
    }

    static String statusName(Reply reply) {
        Status status = Status.of(reply.status());
        return status == null ? "0x" + Integer.toHexString(reply.status()) : status.name();
    }
}
