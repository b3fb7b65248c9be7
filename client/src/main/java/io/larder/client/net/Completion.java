package io.larder.client.net;

import io.larder.client.api.LarderException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where calls end: their futures complete, with the callbacks, and after that they leave the
 * window; so callbacks that make more calls are bounded by it. Called by whoever holds the call,
 * once.
 */
final class Completion {
    private final Window window;
    private final @Nullable Executor executor;
    private final HeldKeys held;

    /**
     * @param executor null: callbacks run on the calling thread, the event loop
     * @param held told of a change before its call completes
     */
    Completion(Window window, @Nullable Executor executor, HeldKeys held) {
        this.window = window;
        this.executor = executor;
        this.held = held;
    }

    <T> void succeed(Call<T> call, T result) {
        Executor elsewhere = call.internal ? null : executor;
        if (elsewhere == null) {
            finish(call, result, null);
        } else {
            execute(elsewhere, () -> finish(call, result, null));
        }
    }

    void fail(Call<?> call, LarderException failure) {
        Executor elsewhere = call.internal ? null : executor;
        if (elsewhere == null) {
            finish(call, null, failure);
        } else {
            execute(elsewhere, () -> finish(call, null, failure));
        }
    }

    private static void execute(Executor executor, Runnable completion) {
        try {
            executor.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run(); // no future may hang because somebody's executor was shut down
        }
    }

    @SuppressWarnings("NullAway") // T may itself be nullable, as for operations without a result
    private <T> void finish(Call<T> call, @Nullable T result, @Nullable LarderException failure) {
        held.forget(call.request);
        if (failure == null) {
            call.complete(result);
        } else {
            call.completeExceptionally(failure);
        }
        if (!call.internal) {
            window.release(call.frameBytes());
        }
    }
}
