package io.larder.server.store;

import io.larder.server.memory.Slice;

/**
 * One write on its way into the store and its outcome on the way back: a reusable carrier for one
 * thread, so that a write allocates nothing. Set what the operation needs, call the {@link Store},
 * read the outcome; {@link #reset} makes it fit for the next.
 *
 * <p>Times are milliseconds of the store's clock (since 2026-01-01T00:00Z).
 */
public final class Mutation {
    /** When a write may take place. */
    public enum Condition {
        /** Always. */
        ALWAYS,
        /** Only if the key is absent (or expired, or deleted). */
        ABSENT,
        /** Only if the key is present. */
        PRESENT,
        /** Only if the key is present with exactly {@link Mutation#expectedVersion}. */
        VERSION,
        /** Only if {@link Mutation#callerVersion}, unsigned, is above the one stored, if any is. */
        NEWER
    }

    /** An expiry that never comes. */
    public static final long NEVER = ItemLayout.EXPIRY_NEVER;

    /** For an increment: leave the item's expiry as it is; a new item then never expires. */
    public static final long KEEP_EXPIRY = -1;

    /** A caller's version that was not given. */
    public static final long NO_CALLER_VERSION = 0;

    public final Key key = new Key();
    public final Slice value = new Slice();
    public Condition condition = Condition.ALWAYS;
    public long expectedVersion;
    public long callerVersion;
    public long expiryMillis = NEVER;
    public int clientFlags;
    public int format;
    public boolean negative;

    /** For an increment: what to add, and the value of an absent key, refused if null-like. */
    public long delta;

    public long initial;
    public boolean createIfAbsent;

    /** Outcome: the item's version, of the write if it was done, else of what stood in its way. */
    public long version;

    /** Outcome of an increment: the number now stored. */
    public long number;

    /** Makes every field but the key and value its default. */
    public Mutation reset() {
        condition = Condition.ALWAYS;
        expectedVersion = 0;
        callerVersion = NO_CALLER_VERSION;
        expiryMillis = NEVER;
        clientFlags = 0;
        format = 0;
        negative = false;
        delta = 0;
        initial = 0;
        createIfAbsent = false;
        version = 0;
        number = 0;
        return this;
    }
}
