package io.larder.server.accesslog;

import io.larder.server.memory.Slice;

/**
 * Something that happened to a key, of those that {@link SampleLog} takes: a flyweight over its
 * record, valid during the call it comes with.
 */
/*
 *   word 0   hash 64
 *   word 1   item bytes 32 | space 24 | kind 3 | turns 5
 *   word 2   expiry 40 (ms) | 16 | prefix length 8
 *   word 3 to 7   prefix, its first byte highest
 *
 * Turns are one more than the bits of the mask that let the key through as one of those whose turn
 * it was; 0 if it was not.
 */
public final class Sample {
    /** The longest prefix of a key that is told. */
    public static final int PREFIX_BYTES_MAX = 40;

    static final int WORDS = 8;
    private static final int META = 1;
    private static final int EXPIRY = 2;
    private static final int PREFIX = 3;

    private long[] words = new long[WORDS];
    private int at;

    Sample() {}

    /** Writes a record; {@code turns} and the others as in the picture. */
    static void write(
            AccessRing ring,
            long tail,
            SampleKind kind,
            long hash,
            int space,
            int itemBytes,
            long expiryMillis,
            int turns,
            Slice key,
            int prefixBytes) {
        ring.put(tail, hash);
        ring.put(tail + META, meta(kind, space, itemBytes, turns));
        ring.put(tail + EXPIRY, expiryMillis << 24 | prefixBytes);
        for (int word = 0; word < WORDS - PREFIX; word++) {
            ring.put(tail + PREFIX + word, prefixWord(key, word, prefixBytes));
        }
    }

    @SuppressWarnings("EnumOrdinal") // in memory only, read by the program that wrote it
    private static long meta(SampleKind kind, int space, int itemBytes, int turns) {
        return (long) itemBytes << Integer.SIZE | (long) space << 8 | kind.ordinal() << 5 | turns;
    }

    private static long prefixWord(Slice key, int word, int prefixBytes) {
        long value = 0;
        int first = word * Long.BYTES;
        for (int index = first; index < Math.min(prefixBytes, first + Long.BYTES); index++) {
            value |= (key.getByte(index) & 0xFFL) << (Long.SIZE - Byte.SIZE * (index - first + 1));
        }
        return value;
    }

    Sample wrap(long[] source, int offset) {
        words = source;
        at = offset;
        return this;
    }

    /** What happened. */
    public SampleKind kind() {
        return SampleKind.ofCode((int) (words[at + META] >>> 5) & 7);
    }

    /** The key's hash. */
    public long hash() {
        return words[at];
    }

    /** The incarnation of the region the key is in. */
    public int space() {
        return (int) (words[at + META] >>> 8) & 0xFFFFFF;
    }

    /** Bytes of the item, 0 if they are not known. */
    public int itemBytes() {
        return (int) (words[at + META] >>> Integer.SIZE);
    }

    /** When the item expires, in store milliseconds; 0 where there is none. */
    public long expiryMillis() {
        return words[at + EXPIRY] >>> 24;
    }

    /** Of how many like it this one stands; 0 if it is told for its key's sake only. */
    public long weight() {
        int turns = (int) words[at + META] & 31;
        return turns == 0 ? 0 : 1L << (turns - 1);
    }

    /** The key up to its first separator and with it; empty if there is none near its beginning. */
    public byte[] prefix() {
        byte[] prefix = new byte[(int) words[at + EXPIRY] & 0xFF];
        for (int index = 0; index < prefix.length; index++) {
            long word = words[at + PREFIX + (index >> 3)];
            prefix[index] = (byte) (word >>> (Long.SIZE - Byte.SIZE * ((index & 7) + 1)));
        }
        return prefix;
    }

    /** What the prefixes of a region are told apart by, within all reason. */
    public long prefixHash(int region) {
        long hash = region * 0x9E3779B97F4A7C15L + (words[at + EXPIRY] & 0xFF);
        for (int word = PREFIX; word < WORDS; word++) {
            hash = (hash ^ words[at + word]) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
