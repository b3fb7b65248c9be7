package io.larder.server.admin;

import io.larder.server.store.Fate;

/** Says what became of keys of the default region. For any thread. */
@FunctionalInterface
public interface KeyFates {
    /** What became of a key. Locking: its shard's lock. */
    Fate of(byte[] key);
}
