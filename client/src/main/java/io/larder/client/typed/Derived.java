package io.larder.client.typed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of another one's result, made into something else: it completes with the exception
 * itself where a dependent stage would wrap it, and cancelling it cancels the other one.
 *
 * @param <S> the other one's result
 */
final class Derived<S, T> extends CompletableFuture<T> {
    private final CompletableFuture<S> source;

    private Derived(CompletableFuture<S> source) {
        this.source = source;
    }

    /**
     * @param function runs where {@code source} completes; what it throws is what the future fails
     *     with
     */
    static <S, T> CompletableFuture<T> of(
            CompletableFuture<S> source, Function<? super S, ? extends T> function) {
        Derived<S, T> derived = new Derived<>(source);
        var unused =
                source.whenComplete((value, failure) -> derived.take(value, failure, function));
        return derived;
    }

    private void take(
            S value, @Nullable Throwable failure, Function<? super S, ? extends T> function) {
        if (failure != null) {
            completeExceptionally(unwrapped(failure));
            return;
        }
        try {
            complete(function.apply(value));
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        source.cancel(mayInterruptIfRunning);
        return cancelled;
    }
}
