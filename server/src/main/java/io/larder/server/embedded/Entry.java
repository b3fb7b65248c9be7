package io.larder.server.embedded;

import io.larder.server.memory.Slice;
import io.larder.server.store.ItemView;
import io.larder.server.store.LargeValue;
import io.larder.server.store.Mutation;
import io.larder.server.store.ScannedItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value as they were at one moment. A copy: it stays as it is whatever becomes of
 * the entry. The arrays are not copied again when asked for, and belong to whoever holds this.
 */
public final class Entry {
    private final byte[] key;
    private final byte[] value;
    private final long version;
    final long expiryMillis;
    private final long nowMillis;

    private Entry(byte[] key, byte[] value, long version, long expiryMillis, long nowMillis) {
        this.key = key;
        this.value = value;
        this.version = version;
        this.expiryMillis = expiryMillis;
        this.nowMillis = nowMillis;
    }

    static Entry of(byte[] key, ItemView item, long nowMillis) {
        byte[] value = new byte[item.valueLength()];
        item.copyTo(value, 0);
        return new Entry(key, value, item.version(), item.expiryMillis(), nowMillis);
    }

    static Entry of(ScannedItem item, long nowMillis) {
        Slice key = item.key();
        return new Entry(
                key.toByteArray(), valueOf(item), item.version(), item.expiryMillis(), nowMillis);
    }

    private static byte[] valueOf(ScannedItem item) {
        LargeValue large = item.largeValue();
        if (large == null) {
            return item.value().toByteArray();
        }
        byte[] value = new byte[large.length()];
        large.copyTo(0, value, 0, value.length);
        return value;
    }

    /** The key. */
    public byte[] key() {
        return key;
    }

    /** The value. */
    public byte[] value() {
        return value;
    }

    /** The entry's version: every write of the key has a higher one. Never 0. */
    public long version() {
        return version;
    }

    /** What was left of its life then; null if it does not expire. */
    public @Nullable Duration timeToLive() {
        return expiryMillis == Mutation.NEVER ? null : Duration.ofMillis(expiryMillis - nowMillis);
    }
}
