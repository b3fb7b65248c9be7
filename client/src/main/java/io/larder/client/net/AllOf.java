package io.larder.client.net;

import io.larder.client.api.LarderException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One future for what was asked in several parts; cancelling it cancels all of that. */
final class AllOf<T extends @Nullable Object> extends CompletableFuture<T> implements MayWrite {
    private final List<? extends CompletableFuture<?>> parts;

    private AllOf(List<? extends CompletableFuture<?>> parts) {
        this.parts = parts;
    }

    /**
     * Completes when all have, with the result or with the failure of one of them, as it is.
     *
     * @param result read when all have succeeded
     */
    static <T extends @Nullable Object> CompletableFuture<T> parts(
            List<? extends CompletableFuture<?>> parts, Supplier<T> result) {
        AllOf<T> whole = new AllOf<>(parts);
        var unused =
                CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                        .whenComplete(
                                (nothing, failure) -> {
                                    if (failure == null) {
                                        whole.complete(result.get());
                                    } else {
                                        whole.completeExceptionally(causeOf(failure));
                                    }
                                });
        return whole;
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause instanceof LarderException ? cause : failure;
    }

    @Override
    public boolean isWrite() {
        return parts.stream().anyMatch(it -> it instanceof MayWrite part && part.isWrite());
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        parts.forEach(part -> part.cancel(mayInterruptIfRunning));
        return cancelled;
    }
}
