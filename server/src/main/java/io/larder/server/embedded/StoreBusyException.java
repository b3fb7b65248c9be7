package io.larder.server.embedded;

/**
 * There was no room for a write, because eviction has fallen behind the writers. Nothing was
 * changed; it is worth trying again in a few milliseconds.
 */
public final class StoreBusyException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    StoreBusyException() {
        super("free segments: 0 (expected: from 1; eviction has fallen behind, try again)");
    }
}
