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
    private static final int VERSION_MILLIS_SHIFT = 8;

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
    private int uses;

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
        uses = item.uses();
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

    /** Type tag and codec of the value. */
    public final int format() {
        return format;
    }

    /** The version that the caller has given it, {@link Mutation#NO_CALLER_VERSION} if none. */
    public final long callerVersion() {
        return callerVersion;
    }

    /** The version that a client is told: what the caller has given it, else its own. */
    public final long knownVersion() {
        return callerVersion == Mutation.NO_CALLER_VERSION ? version : callerVersion;
    }

    /** Whether a version is one of the two that the item is known by. */
    public final boolean isVersion(long expected) {
        return expected == version
                || (expected == callerVersion && callerVersion != Mutation.NO_CALLER_VERSION);
    }

    /** How often it was read before, 0 to 3; see {@link ItemView#uses}. */
    public final int uses() {
        return uses;
    }

    /** Seconds since it was written: a version is dated by its upper 40 bits. */
    public final long secondsSinceWritten() {
        return Math.max(0, nowMillis - (version >>> VERSION_MILLIS_SHIFT)) / 1000;
    }

    /** Seconds from now to an expiry, begun ones included; -1 if it never comes. */
    public final long secondsLeft(long newExpiryMillis) {
        return secondsLeft(newExpiryMillis, nowMillis);
    }

    /** The same from any time on. */
    public static long secondsLeft(long expiryMillis, long nowMillis) {
        return expiryMillis == Mutation.NEVER ? -1 : (expiryMillis - nowMillis + 999) / 1000;
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
