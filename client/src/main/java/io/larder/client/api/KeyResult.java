package io.larder.client.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one of many operations that were asked for together: a result, or the reason why
 * there is none. Immutable.
 */
public final class KeyResult<T> {
    private final @Nullable T result;
    private final @Nullable LarderException failure;

    private KeyResult(@Nullable T result, @Nullable LarderException failure) {
        this.result = result;
        this.failure = failure;
    }

    /** An operation that has a result. */
    public static <T> KeyResult<T> of(T result) {
        return new KeyResult<>(result, null);
    }

    /** An operation that failed. */
    public static <T> KeyResult<T> failed(LarderException failure) {
        return new KeyResult<>(null, failure);
    }

    /**
     * The result.
     *
     * @throws LarderException if there is none, with the reason
     */
    public T get() {
        T present = result;
        if (present == null) {
            throw failure().orElseThrow();
        }
        return present;
    }

    /** Why there is no result; empty if there is one. */
    public Optional<LarderException> failure() {
        return Optional.ofNullable(failure);
    }

    /** True if there is no result. */
    public boolean isFailed() {
        return failure != null;
    }

    @Override
    public String toString() {
        return failure == null ? String.valueOf(result) : "failed: " + failure;
    }
}
