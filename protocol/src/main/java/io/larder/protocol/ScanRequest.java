package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The value section of a SCAN but for the start key, which is all that follows; the key section is
 * the prefix that keys must have. Both may be empty.
 *
 * @param cursor 0 to begin, else what the reply before said
 * @param count keys wanted at most; 0 leaves it to the server
 */
/*
 *   0                       8           12
 *   +-----------------------+-----------+-----------+
 *   | cursor u64            | count u32 | start key |
 *   +-----------------------+-----------+-----------+
 */
public record ScanRequest(long cursor, int count) {
    /** Bytes of the value section before the start key. */
    public static final int BYTES = 12;

    public ScanRequest {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: from 0)");
        }
    }

    /** Writes the value section; the start key, if there is one, is to follow. */
    public void write(ByteBuf out) {
        out.writeLong(cursor).writeInt(count);
    }

    /**
     * Reads a value section; what is in it from {@link #BYTES} on is the start key.
     *
     * @throws MalformedMessageException if it is none
     */
    public static ScanRequest read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        long cursor = reader.u64("cursor");
        int count = reader.count32("count");
        if (cursor != 0 && reader.remainingBytes() > 0) {
            throw new MalformedMessageException(
                    "cursor", Long.toUnsignedString(cursor), "0 with a start key");
        }
        return new ScanRequest(cursor, count);
    }
}
