package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/** A flyweight over a copy of one item, as a {@link ScanSink} gets it: valid during that call. */
public final class ScannedItem {
    private final Slice key = new Slice();
    private final Slice value = new Slice();
    private int tag;
    private int offset;
    private int keyLength;
    private int length;
    private int valueLength;
    private int space;
    private long version;
    private long expiryMillis;
    private boolean negative;
    private int clientFlags;
    private long callerVersion;
    private int format;
    private long softExpiryMillis;
    private int tagCount;
    private @Nullable LargeValue large;

    ScannedItem() {}

    /**
     * Takes over all that the item says but its bytes, which are to lie at {@code newOffset}.
     *
     * @param newLarge the value if it is wanted and a large one
     */
    void take(
            ItemView item,
            int newTag,
            int newOffset,
            boolean withValue,
            @Nullable LargeValue newLarge) {
        large = newLarge;
        tag = newTag;
        offset = newOffset;
        keyLength = item.keyLength();
        valueLength = item.valueLength();
        length = keyLength + (withValue && newLarge == null ? valueLength : 0);
        space = item.space();
        version = item.version();
        expiryMillis = item.expiryMillis();
        negative = item.negative();
        clientFlags = item.clientFlags();
        callerVersion = item.callerVersion();
        format = item.format();
        softExpiryMillis = item.softExpiryMillis();
        tagCount = item.tagCount();
    }

    /** Shows the key and value that lie in {@code bytes}. */
    ScannedItem show(byte[] bytes) {
        key.wrap(bytes, offset, keyLength);
        value.wrap(bytes, offset + keyLength, length - keyLength);
        return this;
    }

    int tag() {
        return tag;
    }

    /** Bytes of key and value together, as copied. */
    int length() {
        return length;
    }

    /** The space the item is in. */
    public int space() {
        return space;
    }

    /** The key's bytes. */
    public Slice key() {
        return key;
    }

    /** Keeps a large value until {@link #release}; false if it may be gone already. */
    boolean pin() {
        return large == null || large.pin();
    }

    void release() {
        if (large != null) {
            large.close();
            large = null;
        }
    }

    /** The value if it is a large one and the scan is with values; valid during the call. */
    public @Nullable LargeValue largeValue() {
        return large;
    }

    /** The value's bytes; empty if the scan is without values, or the value is a large one. */
    public Slice value() {
        return value;
    }

    /** The value's length in bytes, whether or not the scan is with values. */
    public int valueLength() {
        return valueLength;
    }

    /** The item's version, 48 bits. */
    public long version() {
        return version;
    }

    /** When it expires, in store milliseconds; {@link Mutation#NEVER} if never. */
    public long expiryMillis() {
        return expiryMillis;
    }

    /** When it should be loaded anew, in store milliseconds; {@link Mutation#NEVER} if never. */
    public long softExpiryMillis() {
        return softExpiryMillis;
    }

    /** How many tags it carries. */
    public int tagCount() {
        return tagCount;
    }

    /** Whether the item says that its key is known not to exist at the origin. */
    public boolean negative() {
        return negative;
    }

    /** The caller's 32 opaque bits, 0 if none were stored. */
    public int clientFlags() {
        return clientFlags;
    }

    /** The caller's own version, 0 if none was stored. */
    public long callerVersion() {
        return callerVersion;
    }

    /** Type tag and codec of the value, 8 bits. */
    public int format() {
        return format;
    }
}
