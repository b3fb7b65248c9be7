package io.larder.server.store;

/** How a read ended. */
public enum ReadStatus {
    /** The key is there; the sink's last call holds its value. */
    HIT,
    /** The key is absent, deleted or expired; whatever the sink was given is void. */
    MISS
}
