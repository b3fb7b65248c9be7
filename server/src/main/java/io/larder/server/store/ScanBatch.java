package io.larder.server.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The items of one chain, copied out of the arena: a pass fills it, and once the pass is believed
 * they are shown in the order of their tags. Owned by one {@link Scan}; its room grows to what the
 * largest chain needs and stays.
 */
final class ScanBatch {
    private static final int BYTES_INITIAL = 1024;

    /** What is about to be added. */
    final ItemView view = new ItemView();

    private final ScannedItem[] items = new ScannedItem[HashIndex.CHAIN_SLOTS_MAX];
    private byte[] bytes = new byte[BYTES_INITIAL];
    private int count;
    private int used;

    ScanBatch() {
        Arrays.setAll(items, index -> new ScannedItem());
    }

    /** Forgets the items, and lets go of their large values. */
    void clear() {
        for (int i = 0; i < count; i++) {
            items[i].release();
        }
        count = 0;
        used = 0;
    }

    int count() {
        return count;
    }

    /** Copies an item that lies within the arena; {@code large} is its value, if wanted and so. */
    void add(ItemView view, int tag, boolean withValue, @Nullable LargeValue large) {
        ScannedItem item = items[count];
        item.take(view, tag, used, withValue, large);
        if (bytes.length - used < item.length()) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + item.length()));
        }
        view.copyKeyAndValueTo(bytes, used, item.length());
        used += item.length();
        count++;
    }

    /** Keeps the large value of the item added last; false if it may be gone already. */
    boolean pinLast() {
        return count == 0 || items[count - 1].pin();
    }

    /** Orders the items by their tags. */
    void sort() {
        for (int i = 1; i < count; i++) {
            ScannedItem item = items[i];
            int hole = i;
            for (; hole > 0 && items[hole - 1].tag() > item.tag(); hole--) {
                items[hole] = items[hole - 1];
            }
            items[hole] = item;
        }
    }

    /** The tag of the {@code rank}-th item. */
    int tag(int rank) {
        return items[rank].tag();
    }

    /** The {@code rank}-th item; valid until the batch is filled anew. */
    ScannedItem show(int rank) {
        return items[rank].show(bytes);
    }
}
