package io.larder.client.near;

import java.util.Arrays;

/** A key as a map wants it. The bytes are shared, not copied: whoever stores one gives its own. */
final class CopyKey {
    private final byte[] bytes;
    private final int hash;

    CopyKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** One with bytes of its own. */
    CopyKey copy() {
        return new CopyKey(bytes.clone());
    }

    int length() {
        return bytes.length;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CopyKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }
}
