package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The value section of a SCAN; the key section is the prefix that keys must have, which may be
 * empty.
 *
 * @param cursor 0 to begin, else what the reply before said
 * @param count keys wanted at most; 0 leaves it to the server
 */
/*
 *   0                       8           12
 *   +-----------------------+-----------+
 *   | cursor u64            | count u32 |
 *   +-----------------------+-----------+
 */
public record ScanRequest(long cursor, int count) {
    /** Bytes of the value section. */
    public static final int BYTES = 12;

    public ScanRequest {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: from 0)");
        }
    }

    /** Writes the value section. */
    public void write(ByteBuf out) {
        out.writeLong(cursor).writeInt(count);
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static ScanRequest read(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "12");
        }
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        return new ScanRequest(reader.u64("cursor"), reader.count32("count"));
    }
}
