package io.larder.server.store;

import io.larder.server.memory.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A flyweight over an item of a snapshot's block: everything needed to store it again, but for its
 * region's name. The only class that knows the bytes. One thread.
 */
public final class SnapshotItem {
    /*
     * Big-endian, unaligned:
     *
     *   0             4           7     8              16             24                32
     *  +-------------+-----------+-----+--------------+--------------+-----------------+
     *  | length u32  | space u24 | fmt | version u64  | expiry u64   | caller's u64    |
     *  +-------------+-----------+-----+--------------+--------------+-----------------+
     *   32            36     37     38           40                  48   48 + key length
     *  +-------------+------+------+------------+-------------------+-----+-------+
     *  | flags u32   | kind | 0    | key length | soft expiry u64   | key | value |
     *  +-------------+------+------+------------+-------------------+-----+-------+
     *
     * length: of the whole, so from one item to the next; the value is the rest. expiry: in store
     * milliseconds, all 40 bits set for never; of one that expires for want of use, the end of its
     * life. kind: 1 if negative, else 0. soft expiry: as expiry.
     */
    static final int HEADER_BYTES = 48;

    /** The most bytes an item takes in a block; a longer one is left out. */
    public static final int BYTES_MAX = 16 << 20;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NO_BYTES = {};

    private final Slice key = new Slice();
    private final Slice value = new Slice();
    private byte[] block = NO_BYTES;
    private int offset;

    /** Bytes that an item takes in a block. */
    static int bytes(ItemView item) {
        return bytesBeforeValue(item) + item.valueLength();
    }

    static int bytesBeforeValue(ItemView item) {
        return HEADER_BYTES + item.keyLength();
    }

    /** Writes an item that is not a large one. */
    static void write(ItemView item, long expiryMillis, byte[] block, int offset) {
        writeHeader(item, expiryMillis, block, offset);
        item.copyKeyAndValueTo(block, offset + HEADER_BYTES, item.keyLength() + item.valueLength());
    }

    static void writeBeforeValue(ItemView item, long expiryMillis, byte[] block, int offset) {
        writeHeader(item, expiryMillis, block, offset);
        item.copyKeyAndValueTo(block, offset + HEADER_BYTES, item.keyLength());
    }

    private static void writeHeader(ItemView item, long expiryMillis, byte[] block, int offset) {
        INTS.set(block, offset, bytes(item));
        INTS.set(block, offset + 4, item.space() << 8 | item.format());
        LONGS.set(block, offset + 8, item.version());
        LONGS.set(block, offset + 16, expiryMillis);
        LONGS.set(block, offset + 24, item.callerVersion());
        INTS.set(block, offset + 32, item.clientFlags());
        block[offset + 36] = (byte) (item.negative() ? 1 : 0);
        block[offset + 37] = 0;
        SHORTS.set(block, offset + 38, (short) item.keyLength());
        LONGS.set(block, offset + 40, item.softExpiryMillis());
    }

    /**
     * Shows the item at {@code newOffset} of a block of {@code length} bytes.
     *
     * @return where the next one begins
     * @throws IllegalArgumentException if none lies there
     */
    public int wrap(byte[] newBlock, int newOffset, int length) {
        int bytes = length - newOffset < HEADER_BYTES ? 0 : (int) INTS.get(newBlock, newOffset);
        int keyLength = bytes < HEADER_BYTES ? 0 : (short) SHORTS.get(newBlock, newOffset + 38);
        if (bytes > length - newOffset || keyLength < 1 || keyLength > bytes - HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "item at " + newOffset + " of " + length + " bytes (expected: a whole one)");
        }
        block = newBlock;
        offset = newOffset;
        int keyAt = offset + HEADER_BYTES;
        key.wrap(block, keyAt, keyLength);
        value.wrap(block, keyAt + keyLength, bytes - HEADER_BYTES - keyLength);
        return offset + bytes;
    }

    /** The space the item was in. */
    public int space() {
        return (int) INTS.get(block, offset + 4) >>> 8;
    }

    /** When it was to expire, in store milliseconds; {@link Mutation#NEVER} if never. */
    public long expiryMillis() {
        return (long) LONGS.get(block, offset + 16);
    }

    /** The version it had, 48 bits. */
    public long version() {
        return (long) LONGS.get(block, offset + 8);
    }

    /** The key's bytes. */
    public Slice key() {
        return key;
    }

    /** The value's bytes. */
    public Slice value() {
        return value;
    }

    /** Makes the mutation one that stores the item again, in {@code space}. */
    public void putInto(Mutation mutation, KeyHasher hasher, int space) {
        mutation.reset();
        int keyAt = offset + HEADER_BYTES;
        mutation.key.wrap(hasher, space, block, keyAt, key.length());
        mutation.value.wrap(block, keyAt + key.length(), value.length());
        mutation.expiryMillis = expiryMillis();
        mutation.callerVersion = (long) LONGS.get(block, offset + 24);
        mutation.clientFlags = (int) INTS.get(block, offset + 32);
        mutation.format = block[offset + 7] & 0xFF;
        mutation.negative = block[offset + 36] == 1;
        mutation.softExpiryMillis = (long) LONGS.get(block, offset + 40);
    }
}
