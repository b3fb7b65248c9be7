package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/** The value section of a SYNC's reply: the number of the last push sent before it, u32. */
public final class SyncReply {
    /** Bytes of the value section. */
    public static final int BYTES = Integer.BYTES;

    private SyncReply() {}

    /** Writes the value section. */
    public static void write(ByteBuf out, int sequence) {
        out.writeInt(sequence);
    }

    /**
     * Reads the number, 32 opaque bits; 0 if no push was sent.
     *
     * @throws MalformedMessageException if the value section is none
     */
    public static int read(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "4");
        }
        return buffer.getInt(valueOffset);
    }
}
