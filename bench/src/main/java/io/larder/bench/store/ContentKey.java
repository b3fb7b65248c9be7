package io.larder.bench.store;

import java.util.Arrays;

/**
 * An array as a map's key: equal if the bytes are. A lookup may reuse one, an insertion may not.
 */
final class ContentKey {
    private byte[] bytes;

    ContentKey(byte[] bytes) {
        this.bytes = bytes;
    }

    ContentKey wrap(byte[] bytes) {
        this.bytes = bytes;
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
