package io.larder.server.store;

import io.larder.server.memory.Checksum;
import io.larder.server.memory.Memory;

/**
 * The sums of items, by which a later process tells whole items from damaged ones. Each object is
 * for one thread at a time: a shard's writers use one under the lock.
 */
final class ItemSum {
    /*
     * A sum is a CRC32C of what lies behind the extension's first word, padding included, combined
     * by xor with 32 bits that mix what lies before it: word 1, the value's length, and the first
     * word's own low half. So it covers all of an item but word 0's expiry and state, which change.
     *
     * It is made in two steps. The body's CRC takes time in proportion to its bytes, and is taken
     * where those are copied: for a long item outside of the lock. What the decision adds, version
     * and kind, is mixed in under the lock at no cost, before the item becomes COMPLETE. Survivors
     * are copied sum and all.
     */
    private static final int SUM_OFFSET = ItemLayout.EXTENSION_OFFSET + 4;
    private static final int BODY_OFFSET = ItemLayout.EXTENSION_OFFSET + 8;

    /** Bytes of the shortest item with a sum: header, first word, space and a byte of key. */
    static final int ITEM_BYTES_MIN = BODY_OFFSET + 8;

    private final Memory memory;
    private final Checksum checksum;

    ItemSum(Memory memory) {
        this.memory = memory;
        this.checksum = memory.newChecksum();
    }

    /** Keeps the sum of a filled item's body in its place. */
    void sumBody(long position, int itemBytes) {
        memory.putInt(
                position + SUM_OFFSET,
                checksum.of(position + BODY_OFFSET, itemBytes - BODY_OFFSET));
    }

    /** Makes the sum of a body that of the item, whose word 1 is final. */
    static void finish(Memory memory, long position, long word0, long word1) {
        int body = memory.getInt(position + SUM_OFFSET);
        memory.putInt(position + SUM_OFFSET, body ^ mixed(memory, position, word0, word1));
    }

    /** Whether an item inside its segment, of {@code itemBytes} by its lengths, is what it was. */
    boolean isWhole(long position, long word0, long word1, int itemBytes) {
        return itemBytes >= ITEM_BYTES_MIN
                && ItemLayout.extended(word1)
                && ItemLayout.isSummed(memory.getInt(position + ItemLayout.EXTENSION_OFFSET))
                && memory.getInt(position + SUM_OFFSET)
                        == (checksum.of(position + BODY_OFFSET, itemBytes - BODY_OFFSET)
                                ^ mixed(memory, position, word0, word1));
    }

    /** The sum of the bytes of a large value that lie in a chain of segments. */
    int ofChain(SegmentTable segments, int first, int bytes) {
        checksum.begin();
        int left = bytes;
        for (int segment = first; left > 0; segment = segments.chains().after(segment)) {
            int count = Math.min(left, segments.segmentBytes());
            checksum.add(segments.start(segment), count);
            left -= count;
        }
        return checksum.sum();
    }

    private static int mixed(Memory memory, long position, long word0, long word1) {
        long low = memory.getInt(position + ItemLayout.EXTENSION_OFFSET) & 0xFFFF_FFFFL;
        long mixed = mix(word1 ^ mix(low << 20 | ItemLayout.valueLength(word0)));
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The finaliser of SplitMix64: every bit of the result depends on every bit given. */
    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
