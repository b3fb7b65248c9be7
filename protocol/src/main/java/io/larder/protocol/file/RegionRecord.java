package io.larder.protocol.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A flyweight over one record of a persistent region, the value that its map keeps under an item's
 * key: everything but the key. The only class that knows the bytes. One thread.
 */
public final class RegionRecord {
    /*
     * Big-endian, unaligned:
     *
     *   0             8              16             24               32         36
     *  +-------------+--------------+--------------+----------------+----------+---------+
     *  | version u64 | expiry u64   | soft exp u64 | caller's u64   | epoch u32| flags u32
     *  +-------------+--------------+--------------+----------------+----------+---------+
     *   40       41     42     43   44
     *  +--------+------+------+----+----------------+-----------+
     *  | format | kind | tags | 0  | a tag u64 ...  | value ... |
     *  +--------+------+------+----+----------------+-----------+
     *
     * expiry, soft exp: milliseconds since 2026-01-01T00:00Z, NEVER if there is none. epoch: counts
     * how often the region was cleared; a record of another one is gone. kind: 1 if the key is known
     * not to exist at the origin, else 0. tags: how many follow, 0..8; hashes under a seed that
     * changes with each start of the server.
     */
    /** Bytes before the tags. */
    public static final int HEADER_BYTES = 44;

    /** The most tags. */
    public static final int TAGS_MAX = 8;

    /** A time that never comes. */
    public static final long NEVER = (1L << 40) - 1;

    /** What all times count from: 2026-01-01T00:00Z in milliseconds of Unix time. */
    public static final long EPOCH_UNIX_MILLIS = 1_767_225_600_000L;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[0];
    private int length;

    /** Bytes of a record. */
    public static int bytes(int tags, int valueBytes) {
        return HEADER_BYTES + tags * Long.BYTES + valueBytes;
    }

    /**
     * Shows a record in the first {@code length} bytes.
     *
     * @return whether it can be one: its tags lie within it
     */
    public boolean wrap(byte[] newBytes, int newLength) {
        bytes = newBytes;
        length = newLength;
        return newLength >= HEADER_BYTES && tags() <= TAGS_MAX && valueOffset() <= newLength;
    }

    /** Writes everything before the tags; the bytes have room for it. */
    public static void writeHeader(
            byte[] bytes, long version, long expiryMillis, long softExpiryMillis, int epoch) {
        LONGS.set(bytes, 0, version);
        LONGS.set(bytes, 8, expiryMillis);
        LONGS.set(bytes, 16, softExpiryMillis);
        INTS.set(bytes, 32, epoch);
    }

    /** Writes what a caller keeps beside the value. */
    public static void writeMetadata(
            byte[] bytes, long callerVersion, int clientFlags, int format, boolean negative) {
        LONGS.set(bytes, 24, callerVersion);
        INTS.set(bytes, 36, clientFlags);
        bytes[40] = (byte) format;
        bytes[41] = (byte) (negative ? 1 : 0);
        bytes[43] = 0;
    }

    /** Writes how many tags there are. */
    public static void writeTags(byte[] bytes, int tags) {
        bytes[42] = (byte) tags;
    }

    /** Writes one of them. */
    public static void writeTag(byte[] bytes, int index, long tag) {
        LONGS.set(bytes, HEADER_BYTES + index * Long.BYTES, tag);
    }

    /** Where the value begins. */
    public int valueOffset() {
        return HEADER_BYTES + tags() * Long.BYTES;
    }

    /** Length of the value in bytes. */
    public int valueLength() {
        return length - valueOffset();
    }

    /** The version the server gave it. */
    public long version() {
        return (long) LONGS.get(bytes, 0);
    }

    /** When it expires, or {@link #NEVER}. */
    public long expiryMillis() {
        return (long) LONGS.get(bytes, 8);
    }

    /** When it should be loaded anew, or {@link #NEVER}. */
    public long softExpiryMillis() {
        return (long) LONGS.get(bytes, 16);
    }

    /** The caller's own version, 0 if none was stored. */
    public long callerVersion() {
        return (long) LONGS.get(bytes, 24);
    }

    /** The region's epoch at the write. */
    public int epoch() {
        return (int) INTS.get(bytes, 32);
    }

    /** The caller's 32 opaque bits. */
    public int clientFlags() {
        return (int) INTS.get(bytes, 36);
    }

    /** Type tag and codec of the value, 8 bits. */
    public int format() {
        return bytes[40] & 0xFF;
    }

    /** Whether the key is known not to exist at the origin. */
    public boolean negative() {
        return bytes[41] != 0;
    }

    /** How many tags it carries. */
    public int tags() {
        return bytes[42] & 0xFF;
    }

    /** One of them. */
    public long tag(int index) {
        return (long) LONGS.get(bytes, HEADER_BYTES + index * Long.BYTES);
    }

    /** Whether it expires at {@code nowMillis} or has before. */
    public boolean isExpired(long nowMillis) {
        long expiry = expiryMillis();
        return expiry != NEVER && expiry <= nowMillis;
    }
}
