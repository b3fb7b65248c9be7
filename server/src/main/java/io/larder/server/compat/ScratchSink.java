package io.larder.server.compat;

import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import java.util.Arrays;

/** Copies an item's value to an array of its own. One thread; the array is used again. */
public final class ScratchSink extends ItemSink {
    /** What is kept for the next read at most. */
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private byte[] value = new byte[64];
    private final long[] tags = new long[Mutation.TAGS_MAX];
    private int tagCount;

    private final boolean countsAsUse;

    /** A sink of reads that count as uses of the item. */
    public ScratchSink() {
        this(true);
    }

    /** A sink of reads that do, or do not. */
    public ScratchSink(boolean countsAsUse) {
        this.countsAsUse = countsAsUse;
    }

    @Override
    public boolean countsAsUse() {
        return countsAsUse;
    }

    @Override
    protected void takeValue(ItemView item) {
        if (value.length < valueBytes() || value.length > KEPT_BYTES_MAX) {
            value = new byte[Math.max(64, valueBytes())];
        }
        item.copyTo(value, 0);
        tagCount = item.tagCount();
        for (int i = 0; i < tagCount; i++) {
            tags[i] = item.tag(i);
        }
    }

    /** Has a mutation that has its defaults leave everything as it is but the value. */
    public void keepIn(Mutation mutation) {
        mutation.expiryMillis = expiryMillis();
        mutation.softExpiryMillis = softExpiryMillis();
        mutation.clientFlags = clientFlags();
        mutation.format = format();
        mutation.callerVersion = callerVersion();
        for (int i = 0; i < tagCount; i++) {
            mutation.addTag(tags[i]);
        }
    }

    /** The value is the first {@link #valueBytes} of this; until the next read. */
    public byte[] value() {
        return value;
    }

    /** Room for a value of so many bytes that begins as the one that was read. */
    public byte[] grown(int bytes) {
        if (value.length < bytes) {
            value = Arrays.copyOf(value, bytes);
        }
        return value;
    }
}
