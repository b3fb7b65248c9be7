package io.larder.server.warm;

import org.jspecify.annotations.Nullable;

/** The file of a store cannot be used; the message is one line that says why. */
public final class WarmException extends Exception {
    private static final long serialVersionUID = 1L;

    WarmException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
