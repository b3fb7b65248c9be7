package io.larder.server.store;

/** The store's time: milliseconds since 2026-01-01T00:00Z, never going back. For any thread. */
@FunctionalInterface
public interface Clock {
    /** The store's epoch in Unix milliseconds: 2026-01-01T00:00:00Z. */
    long EPOCH_UNIX_MILLIS = 1_767_225_600_000L;

    /** Now. */
    long nowMillis();
}
