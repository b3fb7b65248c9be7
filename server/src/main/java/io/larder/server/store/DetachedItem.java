package io.larder.server.store;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;

/**
 * An item that lies in no arena: lets an engine that keeps items elsewhere show them as the store
 * shows its own. A reusable carrier for one thread; it owns its memory, which grows to the longest
 * item shown.
 */
public final class DetachedItem {
    private static final int BYTES_FIRST = 4096;
    private static final int EXTENSION_BYTES_MAX = 128;

    private final ItemView view = new ItemView();
    private final ScannedItem scanned = new ScannedItem();
    private OffHeapMemory memory = OffHeapMemory.allocate(BYTES_FIRST);
    private byte[] keyAndValue = {};

    /**
     * Shows an item, until the next is shown.
     *
     * @param fields its expiry, soft expiry, flags, format, caller's version, tags, and whether it
     *     is negative
     * @param version its version, 48 bits
     * @param key its key's bytes
     * @param value its value, up to {@link ItemLayout#VALUE_BYTES_MAX} bytes
     */
    public ItemView show(Mutation fields, long version, int space, Slice key, Slice value) {
        int keyBytes = key.length();
        long needed =
                (long) ItemLayout.HEADER_BYTES
                        + EXTENSION_BYTES_MAX
                        + ItemLayout.SPACE_BYTES
                        + keyBytes
                        + value.length();
        if (needed > memory.bytes()) {
            memory = OffHeapMemory.allocate(Math.max(2 * memory.bytes(), needed + 7 & -8L));
        }
        int extensionBytes = ItemLayout.extensionBytes(fields);
        if (extensionBytes > 0) {
            ItemLayout.writeExtension(
                    memory, 0, extensionBytes, fields.clientFlags, fields.callerVersion);
            ItemLayout.writeTimesAndTags(memory, 0, fields);
        }
        ItemLayout.writeSpaceAndFormat(memory, 0, extensionBytes, space, fields.format);
        long keyAt = ItemLayout.keyPosition(0, extensionBytes);
        memory.copyIn(keyAt, key);
        memory.copyIn(keyAt + keyBytes, value);
        int kind = fields.negative ? ItemLayout.KIND_NEGATIVE : ItemLayout.KIND_VALUE;
        return view.show(
                memory,
                0,
                ItemLayout.word0(fields.expiryMillis, value.length(), ItemLayout.STATE_COMPLETE),
                ItemLayout.word1(version, keyBytes, kind, extensionBytes > 0),
                extensionBytes);
    }

    /** The item shown, as a scan hands it over; valid until the next is shown. */
    public ScannedItem scanned(boolean withValue) {
        int length = view.keyLength() + (withValue ? view.valueLength() : 0);
        if (keyAndValue.length < length) {
            keyAndValue = new byte[Math.max(2 * keyAndValue.length, length)];
        }
        view.copyKeyAndValueTo(keyAndValue, 0, length);
        scanned.take(view, 0, 0, withValue, null);
        return scanned.show(keyAndValue);
    }
}
