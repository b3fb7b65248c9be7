package io.larder.server.admin;

import org.jspecify.annotations.Nullable;

/** Reads an item as a client would, statistics included. Any thread may call it. */
@FunctionalInterface
public interface ItemLookup {
    /** The value of a key of the default region, the caller's to keep; null if it is a miss. */
    byte @Nullable [] value(byte[] key);
}
