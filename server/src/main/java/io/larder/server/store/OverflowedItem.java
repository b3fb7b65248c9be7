package io.larder.server.store;

import io.larder.server.memory.ArrayMemory;
import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * An item that was evicted and kept, with its stamp: all of its bytes as they lay in the arena, so
 * that nothing of it is lost. Immutable, for any thread; whether it still is its key's item, the
 * store says.
 */
public final class OverflowedItem {
    final Memory memory;
    final long word0;
    final long word1;
    final int extensionBytes;
    private final byte[] bytes;
    private final long stamp;

    private OverflowedItem(byte[] bytes, long stamp) {
        this.bytes = bytes;
        this.stamp = stamp;
        this.memory = new ArrayMemory(bytes);
        this.word0 = memory.getLong(0);
        this.word1 = memory.getLong(ItemLayout.WORD1_OFFSET);
        this.extensionBytes = ItemLayout.extensionBytes(memory, 0, word1);
    }

    /** The item of these bytes; null if they are not one whole item. */
    public static @Nullable OverflowedItem of(byte[] bytes, long stamp) {
        if (bytes.length < ItemLayout.HEADER_BYTES + Memory.WORD_BYTES || bytes.length % 8 != 0) {
            return null;
        }
        OverflowedItem item = new OverflowedItem(bytes, stamp);
        int kind = ItemLayout.kind(item.word1);
        boolean isWhole =
                ItemLayout.state(item.word0) == ItemLayout.STATE_COMPLETE
                        && (kind == ItemLayout.KIND_VALUE || kind == ItemLayout.KIND_NEGATIVE)
                        && item.itemBytes() == bytes.length
                        && ItemLayout.keyLength(item.word1) > 0;
        return isWhole ? item : null;
    }

    /** A copy of the item at {@code position}, known to be whole and not large. */
    static byte[] copyOf(Memory arena, long position, int itemBytes) {
        byte[] copy = new byte[itemBytes];
        arena.copyOut(position, copy, 0, itemBytes);
        return copy;
    }

    /** What names it. */
    public long stamp() {
        return stamp;
    }

    /** Whether it is an item of this key. */
    public boolean isOf(Key key) {
        return ItemLayout.matches(memory, 0, key);
    }

    /** The space it is in. */
    public int space() {
        return ItemLayout.space(memory, 0, extensionBytes);
    }

    /** Its version. */
    public long version() {
        return ItemLayout.version(word1);
    }

    long expiryMillis() {
        return ItemLayout.expiryMillis(word0);
    }

    int itemBytes() {
        return ItemLayout.itemBytes(
                extensionBytes, ItemLayout.keyLength(word1), ItemLayout.valueLength(word0));
    }

    /** Makes {@code key} this item's. */
    Key wrapKey(Key key, KeyHasher hasher) {
        int keyAt = (int) ItemLayout.keyPosition(0, extensionBytes);
        return key.wrap(hasher, space(), bytes, keyAt, ItemLayout.keyLength(word1));
    }

    /** Copies all but words 0 and 1 to the place in the arena that was reserved for it. */
    void copyBodyTo(Memory arena, long position) {
        int length = bytes.length - ItemLayout.HEADER_BYTES;
        arena.copyIn(
                position + ItemLayout.HEADER_BYTES,
                new Slice().wrap(bytes, ItemLayout.HEADER_BYTES, length));
    }

    /** Shows it in the flyweight of a key. */
    ItemView show(Key key) {
        return key.view.show(memory, 0, word0, word1, extensionBytes);
    }
}
