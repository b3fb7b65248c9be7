package io.larder.server.auth;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What became of a try to show who one is.
 *
 * @param identity who it is; null if the try was refused
 * @param retryAfterMillis how long it was refused without being looked at; 0 if it was
 */
public record Verdict(@Nullable Identity identity, long retryAfterMillis) {
    static final Verdict REFUSED = new Verdict(null, 0);

    /** Whether it is a user. */
    public boolean isAccepted() {
        return identity != null;
    }

    /** Who it is, if it was accepted. */
    public Identity accepted() {
        return requireNonNull(identity);
    }
}
