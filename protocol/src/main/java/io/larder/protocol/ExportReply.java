package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The value section of an EXPORT's reply.
 *
 * @param cursor for the next request; 0 when the region is through
 * @param leftOut items of this piece that cannot be exported
 * @param region the region's name
 * @param items in no order; a reply may have none and yet not be the last
 */
/*
 *   0            8               12
 *   +------------+---------------+------------------+------+------+----
 *   | cursor u64 | left out u32  | name: u8, bytes  | item | item | ...
 *   +------------+---------------+------------------+------+------+----
 *   an item:
 *   0              4               12                   20               28
 *   +--------------+---------------+--------------------+----------------+-----------+
 *   | bytes u32    | expires in u64| soft expires in u64| caller's u64   | flags u32 |
 *   +--------------+---------------+--------------------+----------------+-----------+
 *   32       33     34             36
 *   +--------+------+----------------+-----+-------+
 *   | format | kind | key length u16 | key | value |
 *   +--------+------+----------------+-----+-------+
 *   bytes: of the whole item; the value is the rest. kind: 1 negative, else 0. Times: milliseconds
 *   from now, all ones for never.
 */
public record ExportReply(long cursor, int leftOut, String region, List<Item> items) {
    /** Bytes of an item before its key. */
    public static final int ITEM_HEADER_BYTES = 36;

    /** A time that never comes. */
    public static final long NEVER = -1;

    private static final int LEFT_OUT_OFFSET = Long.BYTES;

    public ExportReply {
        items = List.copyOf(items);
    }

    /**
     * An item.
     *
     * @param expiresInMillis what is left of its life, or {@link #NEVER}
     * @param softExpiresInMillis until it should be loaded anew, or {@link #NEVER}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Item(
            long expiresInMillis,
            long softExpiresInMillis,
            long callerVersion,
            int clientFlags,
            int format,
            boolean negative,
            byte[] key,
            byte[] value) {
        /** Writes it. */
        public void write(ByteBuf out) {
            out.writeInt(ITEM_HEADER_BYTES + key.length + value.length);
            out.writeLong(expiresInMillis).writeLong(softExpiresInMillis).writeLong(callerVersion);
            out.writeInt(clientFlags).writeByte(format).writeByte(negative ? 1 : 0);
            out.writeShort(key.length).writeBytes(key).writeBytes(value);
        }
    }

    /** Writes what comes before the items, with cursor and count still to be put in. */
    public static void writeStart(ByteBuf out, String region) {
        out.writeLong(0).writeInt(0);
        BodyReader.writeShortText(out, "region", region);
    }

    /** Puts the cursor and count in, at {@code valueOffset}. */
    public static void putStart(ByteBuf out, int valueOffset, long cursor, int leftOut) {
        out.setLong(valueOffset, cursor).setInt(valueOffset + LEFT_OUT_OFFSET, leftOut);
    }

    /** Writes the value section. */
    public void write(ByteBuf out) {
        int offset = out.writerIndex();
        writeStart(out, region);
        putStart(out, offset, cursor, leftOut);
        items.forEach(item -> item.write(out));
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static ExportReply read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        long cursor = reader.u64("cursor");
        int leftOut = reader.count32("leftOut");
        String region = reader.shortText("region");
        List<Item> items = new ArrayList<>();
        while (reader.remainingBytes() > 0) {
            items.add(item(reader));
        }
        return new ExportReply(cursor, leftOut, region, items);
    }

    private static Item item(BodyReader reader) {
        int bytes = reader.count32("itemBytes");
        int rest = bytes - Integer.BYTES;
        if (bytes < ITEM_HEADER_BYTES || rest > reader.remainingBytes()) {
            throw new MalformedMessageException(
                    "itemBytes", bytes, ITEM_HEADER_BYTES + ".." + reader.remainingBytes());
        }
        long expiresIn = reader.u64("expiresIn");
        long softExpiresIn = reader.u64("softExpiresIn");
        long callerVersion = reader.u64("callerVersion");
        int clientFlags = reader.u16("clientFlags") << 16 | reader.u16("clientFlags");
        int format = reader.u8("format");
        boolean negative = reader.u8("kind") == 1;
        int keyBytes = reader.u16("keyLength");
        int valueBytes = bytes - ITEM_HEADER_BYTES - keyBytes;
        if (valueBytes < 0) {
            throw new MalformedMessageException(
                    "keyLength", keyBytes, "0.." + (bytes - ITEM_HEADER_BYTES));
        }
        byte[] key = reader.bytes("key", keyBytes);
        byte[] value = reader.bytes("value", valueBytes);
        return new Item(
                expiresIn, softExpiresIn, callerVersion, clientFlags, format, negative, key, value);
    }
}
