package io.larder.server.tls;

import org.jspecify.annotations.Nullable;

/** Certificates or keys that cannot be used; the message names the file and what is expected. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    TlsException(String message) {
        this(message, null);
    }
}
