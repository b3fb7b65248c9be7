package io.larder.server.compat;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.netty.buffer.ByteBuf;

/**
 * Keys wrapped a little ahead of their turn, so that the memory they will need is on its way while
 * the requests before are carried out: hash all, touch all buckets, touch all items, then one after
 * the other. One event loop; nothing stays valid beyond {@link #clear}.
 */
public final class KeyRow {
    /** Keys in a row. */
    public static final int KEYS_MAX = 16;

    private final Items items;
    private final Store store;
    private final Mutation[] row = new Mutation[KEYS_MAX];
    private final int[] offsets = new int[KEYS_MAX];
    private final Mutation alone = new Mutation();
    private int count;
    private int next;
    private int touched;

    public KeyRow(Items items) {
        this.items = items;
        this.store = items.store();
        for (int i = 0; i < KEYS_MAX; i++) {
            row[i] = new Mutation();
        }
    }

    /** Whether all that was wrapped ahead has been taken. */
    public boolean isUsedUp() {
        return next >= count;
    }

    /** Whether there is room for no more. */
    public boolean isFull() {
        return count == KEYS_MAX;
    }

    /** Forgets everything: the bytes are about to go, or to mean something else. */
    public void clear() {
        count = 0;
        next = 0;
    }

    /** Adds a key of 1 to {@link Key#BYTES_MAX} bytes. */
    public void add(ByteBuf in, int offset, int length) {
        wrap(row[count].key, in, offset, length);
        offsets[count++] = offset;
    }

    /** Touches the buckets and items of all keys added, if that is worth while. */
    public void load() {
        if (count > 1) {
            touched += store.prefetch(row, count);
        }
    }

    /** A mutation with all its defaults and this key, which may be in the row or not. */
    public Mutation take(ByteBuf in, int offset, int length) {
        while (next < count && offsets[next] < offset) {
            next++;
        }
        if (next < count && offsets[next] == offset) {
            return row[next++].reset();
        }
        clear();
        wrap(alone.key, in, offset, length);
        return alone.reset();
    }

    /** What the loads have brought in; it says nothing, but they are not optimized away. */
    int touched() {
        return touched;
    }

    /** Makes {@code key} one of these bytes. */
    public void wrap(Key key, ByteBuf in, int offset, int length) {
        if (in.hasMemoryAddress()) {
            key.wrapAddress(store.hasher(), items.space(), in.memoryAddress() + offset, length);
        } else {
            int start = in.arrayOffset() + offset;
            key.wrap(store.hasher(), items.space(), in.array(), start, length);
        }
    }

    /** Makes {@code slice} show these bytes. */
    public static void wrap(Slice slice, ByteBuf in, int offset, int length) {
        if (in.hasMemoryAddress()) {
            slice.wrapAddress(in.memoryAddress() + offset, length);
        } else {
            slice.wrap(in.array(), in.arrayOffset() + offset, length);
        }
    }
}
