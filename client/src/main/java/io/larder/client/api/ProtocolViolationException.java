package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * What the server sent is not what the protocol allows, as the message says. Where a connection's
 * framing can no longer be trusted, it is closed and the other calls on it fail with {@link
 * ConnectionLostException}.
 */
public final class ProtocolViolationException extends LarderException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolationException(
            String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message, cause, mayHaveBeenApplied);
    }
}
