package io.larder.client.near;

import io.larder.client.api.Entry;
import io.larder.client.api.StoredValue;
import io.larder.client.net.TrackedServer;
import java.util.concurrent.TimeUnit;

/** A copy of a value. Immutable; its array never leaves this package. */
final class Copy {
    private static final int BYTES = 160; // this, its key, its place in the map

    private final Entry<byte[]> entry;
    private final Source source;
    private final int epoch;
    private final long takenNanos;

    /**
     * @param entry with an array of the copy's own
     * @param epoch the source's when the value was asked for
     * @param takenNanos when that was
     */
    Copy(Entry<byte[]> entry, Source source, int epoch, long takenNanos) {
        this.entry = entry;
        this.source = source;
        this.epoch = epoch;
        this.takenNanos = takenNanos;
    }

    long version() {
        return entry.version();
    }

    /** Whether it is a copy of what this server has. */
    boolean isOf(TrackedServer server) {
        return source.server() == server;
    }

    boolean isFrom(Copy other) {
        return source == other.source;
    }

    int bytes(CopyKey key) {
        return BYTES + key.length() + entry.value().length;
    }

    /** Whether it is of no use to anybody any more. */
    boolean isDead(long nowNanos) {
        return source.epoch() != epoch || leftMillis(nowNanos) == 0;
    }

    /** Whether it may answer a read that begins no later than now. */
    boolean mayServe(long boundNanos, long nowNanos) {
        return !isDead(nowNanos) && source.freshness().isWithin(boundNanos, nowNanos);
    }

    /** What is left of the item's time, counted from when it was asked for; -1 without end. */
    private long leftMillis(long nowNanos) {
        if (entry.expiresInMillis() == Entry.NEVER_EXPIRES) {
            return Entry.NEVER_EXPIRES;
        }
        long passedMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos - takenNanos) + 1;
        return Math.max(0, entry.expiresInMillis() - passedMillis);
    }

    /** A value of the caller's own. */
    byte[] value() {
        return entry.value().clone();
    }

    /** A value of the caller's own, with its format. */
    StoredValue stored() {
        return new StoredValue(value(), entry.format());
    }

    /** An entry of the caller's own. */
    Entry<byte[]> entry(long nowNanos) {
        return new Entry<>(
                value(),
                entry.version(),
                leftMillis(nowNanos),
                entry.clientFlags(),
                entry.format(),
                entry.callerVersion());
    }
}
