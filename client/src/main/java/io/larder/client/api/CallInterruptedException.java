package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a blocking call was interrupted while it waited. Its interrupt flag is set again.
 */
public final class CallInterruptedException extends LarderException {
    private static final long serialVersionUID = 1L;

    public CallInterruptedException(
            String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message, cause, mayHaveBeenApplied);
    }
}
