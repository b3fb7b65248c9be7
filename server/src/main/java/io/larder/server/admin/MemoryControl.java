package io.larder.server.admin;

import io.larder.server.store.MemoryStatus;

/** Shows and changes the store's memory limit. Any thread may call it. */
public interface MemoryControl {
    /** The limit and what is made of it. */
    MemoryStatus status();

    /**
     * Changes the limit; what a lower one takes away is emptied in the background.
     *
     * @throws IllegalArgumentException naming the bounds, if {@code bytes} is outside of them
     */
    MemoryStatus limit(long bytes);
}
