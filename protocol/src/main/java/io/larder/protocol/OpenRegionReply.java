package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/** The value section of an OPEN_REGION's reply: the region's id, u16. */
public final class OpenRegionReply {
    /** Bytes of the value section. */
    public static final int BYTES = Short.BYTES;

    private OpenRegionReply() {}

    /** Writes the value section. */
    public static void write(ByteBuf out, int regionId) {
        out.writeShort(regionId);
    }

    /**
     * Reads the region's id, 0 to 65,535.
     *
     * @throws MalformedMessageException if the value section is none
     */
    public static int read(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "2");
        }
        return buffer.getUnsignedShort(valueOffset);
    }
}
