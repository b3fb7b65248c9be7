package io.larder.client.jcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key's bytes, as the server knows it: equal if they are the same. Immutable. */
final class RawKey {
    private final byte[] bytes;
    private final int hash;

    /**
     * @param bytes not copied
     */
    RawKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Not a copy, and not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
