package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/**
 * One step of an authentication: the value section of AUTH.
 *
 * @param mechanism {@link #TOKEN} or that of SCRAM, up to 255 bytes of UTF-8
 * @param data the mechanism's; the caller gives it away
 */
/*
 *   0
 *   +-----------------+-----------------+
 *   | mechanism: text | data (the rest) |
 *   +-----------------+-----------------+
 *   text: length u8, UTF-8 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // one owner, never compared
public record AuthRequest(String mechanism, byte[] data) {
    /** The mechanism whose data is a secret that says by itself who knows it. */
    public static final String TOKEN = "TOKEN";

    /** Writes the value section. */
    public void write(ByteBuf out) {
        BodyReader.writeShortText(out, "mechanism", mechanism);
        out.writeBytes(data);
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static AuthRequest read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        String mechanism = reader.shortText("mechanism");
        return new AuthRequest(mechanism, reader.bytes("data", reader.remainingBytes()));
    }
}
