package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * A program's own loader has failed: what it threw is the {@link #getCause cause}. Nothing was
 * stored, and whoever asks next loads anew.
 */
public final class LoaderException extends LarderException {
    private static final long serialVersionUID = 1L;

    public LoaderException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
