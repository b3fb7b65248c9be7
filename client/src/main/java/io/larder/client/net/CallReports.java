package io.larder.client.net;

import io.larder.client.api.CallListener;
import io.larder.client.api.CallListener.Ended;
import io.larder.client.api.CallListener.Ending;
import io.larder.client.api.CallListener.Outcome;
import io.larder.client.api.LarderException;
import io.larder.protocol.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tells a user's listener of calls, and takes whatever it throws. Any thread. */
final class CallReports {
    private static final Logger LOG = LoggerFactory.getLogger(CallReports.class);

    private final CallListener listener;
    private final LongSupplier nanoClock;
    private final AtomicBoolean hasLogged = new AtomicBoolean();

    CallReports(CallListener listener, LongSupplier nanoClock) {
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /**
     * Tells that a call begins, and sees to it that its end is told, whoever ends it. On its
     * caller's thread, before anybody else has it.
     */
    void follow(Call<?> call) {
        Request request = call.request;
        Ending ending;
        try {
            ending = listener.onStart(request.opcode.name(), request.region.name());
        } catch (RuntimeException | Error e) {
            logOnce(e);
            return;
        }
        var unused = call.whenComplete((result, failure) -> tellEnd(ending, call, failure));
    }

    /*
     * The call's mutable fields are the event loop's, which completes it after it has set them. A
     * caller that cancels reads them beside it: it may miss what has just come, and tells so much
     * less of a call that it has given up.
     */
    private void tellEnd(Ending ending, Call<?> call, @Nullable Throwable failure) {
        try {
            ending.onEnd(ended(call, failure, nanoClock));
        } catch (RuntimeException | Error e) {
            logOnce(e);
        }
    }

    /** What there is to say of a call that has ended now. */
    static Ended ended(Call<?> call, @Nullable Throwable failure, LongSupplier nanoClock) {
        Tally tally = tally(call, failure);
        return new Ended(
                call.request.opcode.name(),
                call.request.region.name(),
                outcome(call, failure),
                call.isWrite(),
                tally.done(),
                tally.missed(),
                nanoClock.getAsLong() - call.startNanos(),
                call.frameBytes(),
                call.replyBytes,
                call.attempts,
                failure instanceof LarderException reason ? reason : null);
    }

    private static Tally tally(Call<?> call, @Nullable Throwable failure) {
        Tally many = call.tally;
        if (many != null && failure == null) {
            return many;
        }
        Tally tally = new Tally();
        if (failure == null && call.request.opcode.isBatchable()) {
            tally.count(call.replyStatus);
        }
        return tally;
    }

    private static Outcome outcome(Call<?> call, @Nullable Throwable failure) {
        if (failure != null) {
            return failure instanceof LarderException ? Outcome.FAILED : Outcome.CANCELLED;
        }
        if (call.replyStatus == Status.MISS.code()) {
            return Outcome.MISS;
        }
        return Status.isOk(call.replyStatus) ? Outcome.OK : Outcome.REFUSED;
    }

    private void logOnce(Throwable thrown) {
        if (!hasLogged.getAndSet(true)) {
            LOG.warn("the call listener failed; it is not said again", thrown);
        }
    }
}
