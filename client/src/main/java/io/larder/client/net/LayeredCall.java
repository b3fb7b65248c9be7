package io.larder.client.net;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The future that a layer hands out in front of another one: it completes with what the layer makes
 * of the result, or fails with the same failure, after the layer has seen to what it has to.
 * Cancelling it cancels the other one.
 */
public final class LayeredCall<T> extends CompletableFuture<T> implements MayWrite {
    private final CompletableFuture<?> call;

    private LayeredCall(CompletableFuture<?> call) {
        this.call = call;
    }

    /**
     * @param onResult what callers are given; it must not throw
     */
    public static <A, T> LayeredCall<T> map(CompletableFuture<A> call, Function<A, T> onResult) {
        LayeredCall<T> layered = new LayeredCall<>(call);
        var unused =
                call.whenComplete(
                        (result, failure) -> {
                            if (failure == null) {
                                layered.complete(onResult.apply(result));
                            } else {
                                layered.completeExceptionally(failure);
                            }
                        });
        return layered;
    }

    /**
     * @param onEnd called however it ends, before callers see that; it must not throw
     */
    public static <T> LayeredCall<T> after(CompletableFuture<T> call, Runnable onEnd) {
        LayeredCall<T> layered = new LayeredCall<>(call);
        var unused =
                call.whenComplete(
                        (result, failure) -> {
                            onEnd.run();
                            if (failure == null) {
                                layered.complete(result);
                            } else {
                                layered.completeExceptionally(failure);
                            }
                        });
        return layered;
    }

    @Override
    public boolean isWrite() {
        return call instanceof MayWrite behind && behind.isWrite();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        call.cancel(mayInterruptIfRunning);
        return cancelled;
    }
}
