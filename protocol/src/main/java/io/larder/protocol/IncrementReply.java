package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The value section of an INCREMENT's reply: the number after it, i64. What is stored, and what a
 * GET returns, is the same number as decimal text.
 */
public final class IncrementReply {
    /** Bytes of the value section. */
    public static final int BYTES = Long.BYTES;

    private IncrementReply() {}

    /** Writes the value section. */
    public static void write(ByteBuf out, long number) {
        out.writeLong(number);
    }

    /**
     * Reads the number.
     *
     * @throws MalformedMessageException if the value section is none
     */
    public static long read(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "8");
        }
        return buffer.getLong(valueOffset);
    }
}
