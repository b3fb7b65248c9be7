package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/** The connection ended after the request was sent and before its answer came. */
public final class ConnectionLostException extends LarderException {
    private static final long serialVersionUID = 1L;

    public ConnectionLostException(
            String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message, cause, mayHaveBeenApplied);
    }
}
