package io.larder.server.compat;

import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ValueSink;
import io.netty.buffer.ByteBuf;

/**
 * What a read has found beside the value; what becomes of that is a subclass's matter. One thread;
 * used for one read after another. As every sink it may be shown garbage in between: {@link
 * #takeValue} is only called for a length that a value can have.
 */
public abstract class ItemSink implements ValueSink {
    private long nowMillis;
    private int valueBytesMax;
    private boolean isNegative;
    private long version;
    private int clientFlags;
    private int format;
    private long expiryMillis;
    private long softExpiryMillis;
    private long callerVersion;
    private int valueBytes;

    final void begin(long newNowMillis, int newValueBytesMax) {
        nowMillis = newNowMillis;
        valueBytesMax = newValueBytesMax;
        isNegative = false;
    }

    @Override
    public final void accept(ItemView item) {
        isNegative = item.negative();
        version = item.version();
        clientFlags = item.clientFlags();
        format = item.format();
        expiryMillis = item.expiryMillis();
        softExpiryMillis = item.softExpiryMillis();
        callerVersion = item.callerVersion();
        valueBytes = item.valueLength();
        if (valueBytes >= 0 && valueBytes <= valueBytesMax) {
            takeValue(item);
        }
    }

    /** Takes the value, whose length {@link #valueBytes} says. Must not throw. */
    protected void takeValue(ItemView item) {}

    /** Copies the value of an item to where a buffer, which has room for it, is not yet written. */
    protected static void copy(ItemView item, ByteBuf out, int position) {
        if (out.hasMemoryAddress()) {
            item.copyTo(out.memoryAddress() + position);
        } else {
            item.copyTo(out.array(), out.arrayOffset() + position);
        }
    }

    /** Has a mutation leave everything as it is but the value. */
    public final void keepIn(Mutation mutation) {
        mutation.expiryMillis = expiryMillis;
        mutation.softExpiryMillis = softExpiryMillis;
        mutation.clientFlags = clientFlags;
        mutation.format = format;
        mutation.callerVersion = callerVersion;
    }

    /** Has a mutation take place only if the key is as it was seen. */
    public final void expectSeen(Mutation mutation, boolean wasHit) {
        mutation.ifVersion = true;
        mutation.expectedVersion = wasHit || isNegative ? version : Mutation.VERSION_ABSENT;
    }

    /** Whether the item says that its key does not exist. */
    public final boolean isNegative() {
        return isNegative;
    }

    /** Whether the item should be loaded anew. */
    public final boolean isStale() {
        return softExpiryMillis <= nowMillis;
    }

    /** The item's version, 48 bits. */
    public final long version() {
        return version;
    }

    /** 32 bits of the client's. */
    public final int clientFlags() {
        return clientFlags;
    }

    /** When it expires, in the store's milliseconds, or {@link Mutation#NEVER}. */
    public final long expiryMillis() {
        return expiryMillis;
    }

    /** When it should be loaded anew, in the store's milliseconds, or {@link Mutation#NEVER}. */
    public final long softExpiryMillis() {
        return softExpiryMillis;
    }

    /** Milliseconds left to it; -1 if it never expires. */
    public final long ttlMillis() {
        return expiryMillis == Mutation.NEVER ? -1 : expiryMillis - nowMillis;
    }

    /** Length of the value. */
    public final int valueBytes() {
        return valueBytes;
    }
}
