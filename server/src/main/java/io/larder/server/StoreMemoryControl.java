package io.larder.server;

import io.larder.server.admin.MemoryControl;
import io.larder.server.store.MemoryStatus;

/** The memory limit of a store, for the admin. For any thread. */
record StoreMemoryControl(LarderStore store) implements MemoryControl {
    @Override
    public MemoryStatus status() {
        return store.memoryStatus();
    }

    @Override
    public MemoryStatus limit(long bytes) {
        return store.setMemoryLimit(bytes);
    }
}
