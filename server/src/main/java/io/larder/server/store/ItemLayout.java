package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;

/** The bytes of an item. The only class that knows them; stateless. */
final class ItemLayout {
    /*
     * An item lies 8-byte aligned inside one segment. Words are in the machine's order.
     *
     *          63                          24 23                   4 3     0
     *         +------------------------------+----------------------+-------+
     *  word 0 | expiry 40 (ms since 2026)    | value length 20      | state |
     *         +------------------------------+------------+-----+---+-+-----+
     *  word 1 | version 48                   | key length 12    | kind 3| x |
     *         +------------------------------+------------------+-------+---+
     *  [x = 1:  extension, `words` words of 8 bytes
     *         | mask 8 | words 8 | tags 8 | unused 8 | client flags 32,       |
     *         |                                        | or if mask says so sum |
     *         | caller's version 64, if mask says so                         |
     *         | end of life 64 (ms), if mask says so                         |
     *         | soft expiry 64 (ms), if mask says so                         |
     *         | a tag 64, as often as `tags` says                            |
     *         | client flags 64, if a sum has their place and mask says so   |
     *         | sum of the chain 32 | length of the whole value 32, last but |
     *         |                       one, if kind is LARGE                  |
     *         | name of its chain 64, last (see ChainTable)                  | ]
     *         | space 24 | format 8 |  key ...  value ...  padding to 8       |
     *
     * The sum is there in a store that outlives its process: see ItemSum.
     *
     * Of a LARGE item the value here, and its length in word 0, are what the chain does not hold:
     * its end.
     *
     * Written in this order when reserved: zero at the word behind the item, word 1 and the
     * extension's first two bytes, and last word 0 with RESERVED: in every state the lengths lead
     * from item to item, and a zero word 0 ends the segment. A published item changes in word 0
     * only (expiry by touch, state by death), by release stores under the shard's lock.
     *
     * A dead item that is written over becomes FILLER first: its word 0 alone says how many words
     * it has, and the rest may change. What the new item leaves of it is FILLER too.
     */
    static final int WORD1_OFFSET = 8;
    static final int EXTENSION_OFFSET = 16;
    static final int HEADER_BYTES = 16;
    static final int SPACE_BYTES = 4;

    static final int STATE_END = 0;
    static final int STATE_RESERVED = 0b0011;
    static final int STATE_COMPLETE = 0b0101;
    static final int STATE_DEAD = 0b1001;
    static final int STATE_FILLER = 0b1010;

    static final int KIND_VALUE = 0;
    static final int KIND_NEGATIVE = 1;
    static final int KIND_TOMBSTONE = 2;
    static final int KIND_LARGE = 3;

    static final long EXPIRY_NEVER = (1L << 40) - 1;
    static final int VALUE_BYTES_MAX = (1 << 20) - 1;
    static final long VERSION_MASK = (1L << 48) - 1;

    private static final int MASK_CALLER_VERSION = 1;
    private static final int MASK_LARGE = 2;
    private static final int LARGE_FIELD_BYTES = 16;
    private static final int MASK_END_OF_LIFE = 4;
    private static final int MASK_SOFT_EXPIRY = 8;
    private static final int MASK_SUM = 16;
    private static final int MASK_FLAGS = 32;

    private ItemLayout() {}

    static long word0(long expiryMillis, int valueLength, int state) {
        return expiryMillis << 24 | (long) valueLength << 4 | state;
    }

    static long word1(long version, int keyLength, int kind, boolean extended) {
        return version << 16 | (long) keyLength << 4 | kind << 1 | (extended ? 1 : 0);
    }

    static long expiryMillis(long word0) {
        return word0 >>> 24;
    }

    static int valueLength(long word0) {
        return (int) (word0 >>> 4) & VALUE_BYTES_MAX;
    }

    static int state(long word0) {
        return (int) word0 & 0xF;
    }

    static long withState(long word0, int state) {
        return (word0 & ~0xFL) | state;
    }

    static long withExpiry(long word0, long expiryMillis) {
        return (word0 & 0xFF_FFFFL) | expiryMillis << 24;
    }

    static long version(long word1) {
        return word1 >>> 16;
    }

    static int keyLength(long word1) {
        return (int) (word1 >>> 4) & Key.BYTES_MAX;
    }

    static int kind(long word1) {
        return (int) (word1 >>> 1) & 0x7;
    }

    static boolean extended(long word1) {
        return (word1 & 1) != 0;
    }

    /** Bytes the extension of a new item takes: none unless a field is in use. */
    static int extensionBytes(int clientFlags, long callerVersion) {
        if (callerVersion != Mutation.NO_CALLER_VERSION) {
            return 16;
        }
        return clientFlags != 0 ? 8 : 0;
    }

    /** Bytes of an extension with the field of a large value added. */
    static int withLargeField(int extensionBytes) {
        return Math.max(8, extensionBytes) + LARGE_FIELD_BYTES;
    }

    /** Bytes the extension of the item that a mutation writes takes. */
    static int extensionBytes(Mutation mutation) {
        int bytes = extensionBytes(mutation.clientFlags, mutation.callerVersion);
        int more =
                mutation.tagCount() * 8
                        + (mutation.hasEndOfLife() ? 8 : 0)
                        + (mutation.hasSoftExpiry() ? 8 : 0);
        return more == 0 ? bytes : Math.max(8, bytes) + more;
    }

    /** The same for an item that has a sum, if {@code summed}. */
    static int extensionBytes(Mutation mutation, boolean summed) {
        int bytes = extensionBytes(mutation);
        return summed ? Math.max(8, bytes) + (mutation.clientFlags != 0 ? 8 : 0) : bytes;
    }

    /** Bytes of the extension of a tombstone. */
    static int tombstoneExtensionBytes(boolean summed) {
        return summed ? 8 : 0;
    }

    /** Bytes of the extension of a stored item, by its second byte; garbage if the item is. */
    static int extensionBytes(Memory memory, long position, long word1) {
        return extended(word1) ? (memory.getByte(position + EXTENSION_OFFSET + 1) & 0xFF) << 3 : 0;
    }

    /** Bytes of a whole item, padding included. */
    static int itemBytes(int extensionBytes, int keyLength, int valueLength) {
        return HEADER_BYTES + extensionBytes + SPACE_BYTES + keyLength + valueLength + 7 & -8;
    }

    /** Bytes of the stored item, or filler, at {@code position}. */
    static int itemBytes(Memory memory, long position, long word0) {
        if (state(word0) == STATE_FILLER) {
            return valueLength(word0) << 3;
        }
        return itemBytes(memory, position, word0, memory.getLong(position + WORD1_OFFSET));
    }

    /** Bytes of the stored item, which is not filler. */
    static int itemBytes(Memory memory, long position, long word0, long word1) {
        return itemBytes(
                extensionBytes(memory, position, word1), keyLength(word1), valueLength(word0));
    }

    /** What leads over a new item before it is filled; word 0 comes last. */
    static void writeReserved(
            Memory memory, long position, int valueLength, long word1, int extensionBytes) {
        memory.putLong(position + WORD1_OFFSET, word1);
        if (extensionBytes > 0) {
            memory.putLong(position + EXTENSION_OFFSET, (long) extensionBytes >> 3 << 8);
        }
        memory.putLongRelease(position, word0(0, valueLength, STATE_RESERVED));
    }

    /** Makes {@code bytes} dead bytes at {@code position} filler. */
    static void writeFiller(Memory memory, long position, int bytes) {
        memory.putLongRelease(position, word0(0, bytes >>> 3, STATE_FILLER));
    }

    static int payloadBytes(long word0, long word1) {
        return keyLength(word1) + valueLength(word0);
    }

    static void writeExtension(
            Memory memory, long position, int extensionBytes, int clientFlags, long callerVersion) {
        boolean versioned = callerVersion != Mutation.NO_CALLER_VERSION;
        long first = versioned ? MASK_CALLER_VERSION : 0;
        memory.putLong(
                position + EXTENSION_OFFSET,
                first | (long) (extensionBytes >> 3) << 8 | (long) clientFlags << 32);
        if (versioned) {
            memory.putLong(position + EXTENSION_OFFSET + 8, callerVersion);
        }
    }

    /** Makes room for a sum in an extension, which has no other fields yet but those written. */
    static void writeSumField(Memory memory, long position, int extensionBytes) {
        long first = position + EXTENSION_OFFSET;
        long mask = memory.getLong(first) & MASK_CALLER_VERSION;
        memory.putLong(first, mask | MASK_SUM | (long) (extensionBytes >> 3) << 8);
    }

    /** Whether an item, by the first word of its extension, has a sum. */
    static boolean isSummed(int firstWord) {
        return (firstWord & MASK_SUM) != 0;
    }

    /** Adds a mutation's other two times and its tags to an extension that has room for them. */
    static void writeTimesAndTags(Memory memory, long position, Mutation mutation) {
        long first = position + EXTENSION_OFFSET;
        long word = memory.getLong(first) | (long) mutation.tagCount() << 16;
        if (mutation.hasEndOfLife()) {
            memory.putLong(first + tagsOffset((int) word), mutation.endOfLifeMillis);
            word |= MASK_END_OF_LIFE;
        }
        if (mutation.hasSoftExpiry()) {
            memory.putLong(first + tagsOffset((int) word), mutation.softExpiryMillis);
            word |= MASK_SOFT_EXPIRY;
        }
        long tagAt = first + tagsOffset((int) word);
        for (int i = 0; i < mutation.tagCount(); i++) {
            memory.putLong(tagAt + i * 8L, mutation.tag(i));
        }
        if (isSummed((int) word) && mutation.clientFlags != 0) {
            word |= MASK_FLAGS;
            memory.putLong(tagAt + mutation.tagCount() * 8L, mutation.clientFlags);
        }
        memory.putLong(first, word);
    }

    private static int endOfLifeOffset(int firstWord) {
        return 8 + ((firstWord & MASK_CALLER_VERSION) != 0 ? 8 : 0);
    }

    private static int softExpiryOffset(int firstWord) {
        return endOfLifeOffset(firstWord) + ((firstWord & MASK_END_OF_LIFE) != 0 ? 8 : 0);
    }

    private static int tagsOffset(int firstWord) {
        return softExpiryOffset(firstWord) + ((firstWord & MASK_SOFT_EXPIRY) != 0 ? 8 : 0);
    }

    /** When a whole item that expires earlier if it is not used expires anyway; or never. */
    static long endOfLifeMillis(Memory memory, long position, int extensionBytes) {
        int word = extensionBytes == 0 ? 0 : memory.getInt(position + EXTENSION_OFFSET);
        return (word & MASK_END_OF_LIFE) == 0
                ? EXPIRY_NEVER
                : memory.getLong(position + EXTENSION_OFFSET + endOfLifeOffset(word));
    }

    /** When a stored item should be loaded anew, or never; within its extension, garbage or not. */
    static long softExpiryMillis(Memory memory, long position, int extensionBytes) {
        int word = extensionBytes == 0 ? 0 : memory.getInt(position + EXTENSION_OFFSET);
        int offset = softExpiryOffset(word);
        return (word & MASK_SOFT_EXPIRY) == 0 || offset + 8 > extensionBytes
                ? EXPIRY_NEVER
                : memory.getLong(position + EXTENSION_OFFSET + offset);
    }

    /** How many tags a stored item has; not more than its extension holds, whatever it says. */
    static int tagCount(Memory memory, long position, int extensionBytes) {
        if (extensionBytes == 0) {
            return 0;
        }
        int word = memory.getInt(position + EXTENSION_OFFSET);
        int room = (extensionBytes - tagsOffset(word)) >> 3;
        return Math.min((word >>> 16) & 0xFF, Math.max(0, room));
    }

    /** One of its tags. */
    static long tag(Memory memory, long position, int extensionBytes, int index) {
        int word = memory.getInt(position + EXTENSION_OFFSET);
        long at = position + EXTENSION_OFFSET + tagsOffset(word) + index * 8L;
        return at + 8 > position + EXTENSION_OFFSET + extensionBytes ? 0 : memory.getLong(at);
    }

    static int clientFlags(Memory memory, long position, int extensionBytes) {
        if (extensionBytes == 0) {
            return 0;
        }
        int word = memory.getInt(position + EXTENSION_OFFSET);
        if (!isSummed(word)) {
            return memory.getInt(position + EXTENSION_OFFSET + 4);
        }
        int offset = tagsOffset(word) + tagCount(memory, position, extensionBytes) * 8;
        return (word & MASK_FLAGS) == 0 || offset + 8 > extensionBytes
                ? 0
                : (int) memory.getLong(position + EXTENSION_OFFSET + offset);
    }

    static long callerVersion(Memory memory, long position, int extensionBytes) {
        return extensionBytes < 16
                        || (memory.getByte(position + EXTENSION_OFFSET) & MASK_CALLER_VERSION) == 0
                ? Mutation.NO_CALLER_VERSION
                : memory.getLong(position + EXTENSION_OFFSET + 8);
    }

    /**
     * Adds the field of a large value to an extension that has room for it.
     *
     * @param chainSum the sum of the bytes in the chain, 0 if there are no sums
     */
    static void writeLargeField(
            Memory memory,
            long position,
            int extensionBytes,
            int length,
            long chain,
            int chainSum) {
        long first = position + EXTENSION_OFFSET;
        memory.putLong(first, memory.getLong(first) | MASK_LARGE);
        memory.putLong(first + extensionBytes - 16, (long) chainSum << 32 | length);
        memory.putLong(first + extensionBytes - 8, chain);
    }

    /** The length of the whole value of a LARGE item. */
    static int largeLength(Memory memory, long position, int extensionBytes) {
        return (int) memory.getLong(position + EXTENSION_OFFSET + extensionBytes - 16);
    }

    /** The sum of the bytes in the chain of a LARGE item. */
    static int chainSum(Memory memory, long position, int extensionBytes) {
        return (int) (memory.getLong(position + EXTENSION_OFFSET + extensionBytes - 16) >>> 32);
    }

    /** The name of the chain of a LARGE item. */
    static long largeChain(Memory memory, long position, int extensionBytes) {
        return memory.getLong(position + EXTENSION_OFFSET + extensionBytes - 8);
    }

    static void writeSpaceAndFormat(
            Memory memory, long position, int extensionBytes, int space, int format) {
        memory.putInt(position + EXTENSION_OFFSET + extensionBytes, space << 8 | (format & 0xFF));
    }

    static int space(Memory memory, long position, int extensionBytes) {
        return memory.getInt(position + EXTENSION_OFFSET + extensionBytes) >>> 8;
    }

    static int format(Memory memory, long position, int extensionBytes) {
        return memory.getInt(position + EXTENSION_OFFSET + extensionBytes) & 0xFF;
    }

    static long keyPosition(long position, int extensionBytes) {
        return position + EXTENSION_OFFSET + extensionBytes + SPACE_BYTES;
    }

    /** Whether the item at {@code position}, known to be whole, is that of {@code key}. */
    static boolean matches(Memory memory, long position, Key key) {
        long word1 = memory.getLong(position + WORD1_OFFSET);
        int extensionBytes = extensionBytes(memory, position, word1);
        return keyLength(word1) == key.bytes().length()
                && space(memory, position, extensionBytes) == key.space()
                && memory.equalTo(keyPosition(position, extensionBytes), key.bytes());
    }

    static Slice key(Memory memory, long position, long word1, int extensionBytes, Slice slice) {
        return memory.wrap(keyPosition(position, extensionBytes), keyLength(word1), slice);
    }
}
