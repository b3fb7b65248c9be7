package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The value section of a SCAN's reply.
 *
 * @param cursor for the next request; 0 when the scan is over
 * @param keys in no order; a reply may have none of them and yet not be the last
 */
/*
 *   0                       8
 *   +-----------------------+-------------------+-------+-------------------+-------+----
 *   | cursor u64            | length of key u16 | key   | length of key u16 | key   | ...
 *   +-----------------------+-------------------+-------+-------------------+-------+----
 */
public record ScanReply(long cursor, List<byte[]> keys) {
    /** Bytes before the first key. */
    public static final int CURSOR_BYTES = Long.BYTES;

    /** Bytes before each key. */
    public static final int KEY_PREFIX_BYTES = Short.BYTES;

    public ScanReply {
        keys = List.copyOf(keys);
    }

    /** Writes the cursor, with which the value section begins; keys follow by {@link #writeKey}. */
    public static void writeCursor(ByteBuf out, long cursor) {
        out.writeLong(cursor);
    }

    /** Overwrites a cursor, at {@code valueOffset}, that was not known when the keys were. */
    public static void putCursor(ByteBuf out, int valueOffset, long cursor) {
        out.setLong(valueOffset, cursor);
    }

    /** Writes one key, from any buffer; lengths in bytes, up to 65,535. */
    public static void writeKey(ByteBuf out, ByteBuf source, int keyOffset, int keyBytes) {
        out.writeShort(keyBytes).writeBytes(source, keyOffset, keyBytes);
    }

    /** Writes the value section. */
    public void write(ByteBuf out) {
        writeCursor(out, cursor);
        for (byte[] key : keys) {
            out.writeShort(key.length).writeBytes(key);
        }
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static ScanReply read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        long cursor = reader.u64("cursor");
        List<byte[]> keys = new ArrayList<>();
        while (reader.remainingBytes() > 0) {
            keys.add(reader.bytes("key", reader.u16("keyLength")));
        }
        return new ScanReply(cursor, keys);
    }
}
