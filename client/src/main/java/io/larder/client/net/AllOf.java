package io.larder.client.net;

import io.larder.client.api.LarderException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One future for what was asked of each server. Stateless. */
final class AllOf {
    private AllOf() {}

    /**
     * Completes when all have, with the result or with the failure of one of them, as it is.
     *
     * @param result read when all have succeeded
     */
    static <T extends @Nullable Object> CompletableFuture<T> servers(
            List<? extends CompletableFuture<?>> parts, Supplier<T> result) {
        CompletableFuture<T> whole = new CompletableFuture<>();
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
}
