package io.larder.server.snapshot;

import java.io.IOException;

/** A file is no whole snapshot: the message names it, what was found and what was expected. */
public final class SnapshotException extends IOException {
    private static final long serialVersionUID = 1L;

    SnapshotException(String message) {
        super(message);
    }
}
