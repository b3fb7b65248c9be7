package io.larder.client.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What joins the pieces of a large value away from the event loop, which would be busy with it for
 * milliseconds, and comes back there with the value. Called on the event loop.
 */
final class Joiner {
    private final Executor elsewhere;
    private final EventLoop eventLoop;
    private final Completion completion;
    private final Failures failures;

    Joiner(Executor elsewhere, EventLoop eventLoop, Completion completion, Failures failures) {
        this.elsewhere = elsewhere;
        this.eventLoop = eventLoop;
        this.completion = completion;
        this.failures = failures;
    }

    /** The call fails if the client is closed meanwhile, or there is no memory. */
    void join(Call<?> call, PiecedReplies.Pieces pieces, Consumer<byte[]> onJoined) {
        try {
            elsewhere.execute(() -> joinNow(call, pieces, onJoined));
        } catch (RejectedExecutionException e) {
            completion.fail(call, failures.closed(call, true));
        }
    }

    private void joinNow(Call<?> call, PiecedReplies.Pieces pieces, Consumer<byte[]> onJoined) {
        byte[] value;
        try {
            value = pieces.join();
        } catch (OutOfMemoryError e) {
            completion.fail(call, failures.unreadable(call, e));
            return;
        }
        try {
            eventLoop.execute(() -> onJoined.accept(value));
        } catch (RejectedExecutionException e) {
            completion.fail(call, failures.closed(call, true));
        }
    }
}
