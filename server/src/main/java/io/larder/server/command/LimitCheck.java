package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.Status;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.limit.InFlight;
import io.larder.server.limit.Overload;
import io.larder.server.limit.RateLimits;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.UserFigures;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether the limits that all connections share let a request pass. Stateless; any event loop. */
final class LimitCheck {
    private final DisabledCommands disabled;
    private final InFlight inFlight;
    private final FixedError overloaded =
            new FixedError(
                    ErrorBody.of("queueing", "too long", "limits.queueing-delay")
                            .withRetryAfterMillis(Overload.RETRY_MILLIS));
    private final CommandLimits limits;

    LimitCheck(ServerLimits shared, CommandLimits limits) {
        disabled = shared.disabled();
        inFlight = shared.inFlight();
        this.limits = limits;
    }

    /** Whether a request may be carried out; if not, it has been answered. */
    boolean admits(Session session, Workbench bench, Command command) {
        CommandGroup group = command.group();
        if (group == null) {
            return true;
        }
        if (disabled.refuses(group)) {
            bench.reply.error(
                    Status.UNSUPPORTED,
                    "command",
                    command.opcode() + " of the group " + group.word(),
                    "one that commands.disabled does not name");
            return false;
        }
        boolean isCounted = bench.resumed != null && !bench.isInBatch;
        if (isCounted) {
            return true;
        }
        if (bench.load.refuses()) {
            bench.reply.error(Status.BUSY, overloaded);
            return false;
        }
        if (inFlight.isFull()) {
            inFlight.countRefusal();
            bench.reply.error(Status.BUSY, inFlightExceeded());
            return false;
        }
        return isWithinRate(session, bench, group);
    }

    /** The error of whoever asks while too much is in flight. */
    ErrorBody inFlightExceeded() {
        long most = inFlight.bytesMax();
        return ErrorBody.of("inFlightBytes", "more, in all connections", "at most " + most)
                .withLimit(most)
                .withRetryAfterMillis(limits.retryAfterMillis());
    }

    private static boolean isWithinRate(Session session, Workbench bench, CommandGroup group) {
        RateLimits.@Nullable Client client = session.rateClient();
        int perSecond = client == null ? 0 : client.perSecond(group);
        if (client == null || perSecond == 0) {
            return true;
        }
        long waitNanos = client.take(group, bench.times.beginNanos());
        if (waitNanos == 0) {
            return true;
        }
        UserFigures figures = session.userFigures();
        if (figures != null) {
            figures.countOverRate();
        }
        bench.reply.error(
                Status.BUSY,
                ErrorBody.of(
                                "rate of " + group.word(),
                                "more, of all connections called " + client.name(),
                                "at most " + perSecond + " a second")
                        .withLimit(perSecond)
                        .withRetryAfterMillis((int) TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1));
        return false;
    }
}
