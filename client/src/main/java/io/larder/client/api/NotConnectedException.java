package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * There was no connection to the server, and none came within the call's timeout (or at all, where
 * the client is configured to fail fast). The request was never sent.
 */
public final class NotConnectedException extends LarderException {
    private static final long serialVersionUID = 1L;

    public NotConnectedException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
