package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way into the store and its outcome on the way back: a reusable carrier for one
 * thread, so that a write allocates nothing. Set what the operation needs, call the {@link Store},
 * read the outcome; {@link #reset} makes it fit for the next.
 *
 * <p>Times are milliseconds of the store's clock (since 2026-01-01T00:00Z).
 */
public final class Mutation {
    /** What must be so of the key before a write takes place. */
    public enum Presence {
        /** Anything. */
        ANY,
        /** It is absent (or expired, or deleted), else EXISTS. */
        ABSENT,
        /** It is present, else MISSING. */
        PRESENT
    }

    /** What {@link Store#update} is to do with an entry. */
    public enum Change {
        /** Nothing. */
        KEEP,
        /** Store value, expiry, flags, format and caller's version. */
        PUT,
        /** Delete it, if it is there. */
        REMOVE
    }

    /** For {@link #lockNanosMax}: as long as it takes. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** The version of what is absent: no item has it. */
    public static final long VERSION_ABSENT = 0;

    /** An expiry that never comes. */
    public static final long NEVER = ItemLayout.EXPIRY_NEVER;

    /** A caller's version that was not given. */
    public static final long NO_CALLER_VERSION = 0;

    /** A fill that was not begun. */
    public static final long NO_FILL = 0;

    /** The most tags of an item. */
    public static final int TAGS_MAX = 8;

    private static final int NONE_KEPT = -1;

    public final Key key = new Key();
    public final Slice value = new Slice();

    /** Judged first. */
    public Presence presence = Presence.ANY;

    /** Only at {@link #expectedVersion}: MISSING if the key is absent, else VERSION_MISMATCH. */
    public boolean ifVersion;

    /** What {@link #ifVersion} wants; {@link #VERSION_ABSENT} is the version of an absent key. */
    public long expectedVersion;

    /** Only if {@link #callerVersion}, unsigned, is above the one stored, if any: NOT_NEWER. */
    public boolean ifNewer;

    public long callerVersion;

    /** For an increment or an append: the item's {@link #callerVersion} gives way to this one. */
    public boolean newCallerVersion;

    public long expiryMillis = NEVER;

    /** When the item should be loaded anew; only readers look at it. */
    public long softExpiryMillis = NEVER;

    public int clientFlags;
    public int format;

    /** The key is known not to exist at the origin: what is stored has no value. */
    public boolean negative;

    /** Only while this fill, which {@link Store#beginFill} began, is open: else CHANGED. */
    public long fill = NO_FILL;

    /** For an increment: what to add. */
    public long delta;

    /** For an increment: what an absent key counts as, where {@link #createIfAbsent}. */
    public long initial;

    public boolean createIfAbsent;

    /** For an increment or a large append: a key that is present keeps its expiry. */
    public boolean keepExpiry;

    /** For an update: set by its {@link EntryFunction}. */
    public Change change = Change.KEEP;

    /**
     * Nanoseconds to wait for a lock at most, then TIMED_OUT. Of several, the first one's counts.
     */
    public long lockNanosMax = UNLIMITED;

    /** No author: the server itself, or a caller that did not say. */
    public static final long NOBODY = 0;

    /** The author of what operators do. */
    public static final long OPERATOR = -1;

    /**
     * Whose write it is: a connection's number, {@link #OPERATOR} or {@link #NOBODY}. It is noted
     * where an item ends by it, and nothing depends on it.
     */
    public long author = NOBODY;

    /** Outcome: the item's version, of the write if it was done, else of what stood in its way. */
    public long version;

    /** Outcome: the caller's version that {@link #ifNewer} found in its way. */
    public long storedCallerVersion;

    /** Outcome of an increment: the number now stored; after NUMBER_OVERFLOW the one before. */
    public long number;

    // As given, and as taken over from an item, which then counts.
    private final long[] tags = new long[TAGS_MAX];
    private int tagCount;
    private final long[] keptTags = new long[TAGS_MAX];
    private int keptTagCount = NONE_KEPT;

    /**
     * Adds a tag by which the item can be invalidated: what {@link KeyHasher#tag} says.
     *
     * @throws IllegalArgumentException if there are {@link #TAGS_MAX} already
     */
    public void addTag(long tag) {
        if (tagCount == TAGS_MAX) {
            throw new IllegalArgumentException(
                    "tags: " + (TAGS_MAX + 1) + " (expected: 0.." + TAGS_MAX + ")");
        }
        tags[tagCount++] = tag;
    }

    /** How many tags the item is to have. */
    public int tagCount() {
        return keptTagCount == NONE_KEPT ? tagCount : keptTagCount;
    }

    /** One of them. */
    public long tag(int index) {
        return keptTagCount == NONE_KEPT ? tags[index] : keptTags[index];
    }

    /** Lets the tags of an item count instead of those given. */
    void keepTags(ItemView item) {
        keptTagCount = item.tagCount();
        for (int i = 0; i < keptTagCount; i++) {
            keptTags[i] = item.tag(i);
        }
    }

    /** Lets those given count again. */
    void forgetKeptTags() {
        keptTagCount = NONE_KEPT;
    }

    /** Where the space's items expire for want of use: when this one expires anyway. */
    long endOfLifeMillis = NEVER;

    boolean hasEndOfLife() {
        return endOfLifeMillis != NEVER;
    }

    boolean hasSoftExpiry() {
        return softExpiryMillis != NEVER;
    }

    /** Whether it depends on the item that is there whether it is done. */
    boolean isConditional() {
        return presence != Presence.ANY || ifVersion || ifNewer;
    }

    /** For a touch that writes the item anew. */
    @Nullable ValueSink touchSink;

    /** Bytes of the item that this write replaces, 0 if it replaces none; noted under the lock. */
    long replacedBytes;

    /** Another mutation with all of this one but its key, value and outcome. */
    public Mutation copyConditions() {
        Mutation copy = new Mutation();
        copy.presence = presence;
        copy.ifVersion = ifVersion;
        copy.expectedVersion = expectedVersion;
        copy.ifNewer = ifNewer;
        copy.callerVersion = callerVersion;
        copy.expiryMillis = expiryMillis;
        copy.clientFlags = clientFlags;
        copy.format = format;
        copy.softExpiryMillis = softExpiryMillis;
        copy.negative = negative;
        copy.fill = fill;
        copy.endOfLifeMillis = endOfLifeMillis;
        copy.author = author;
        copy.tagCount = tagCount;
        System.arraycopy(tags, 0, copy.tags, 0, tagCount);
        return copy;
    }

    /** Makes every field but the key, the value and the author its default. */
    public Mutation reset() {
        presence = Presence.ANY;
        ifVersion = false;
        expectedVersion = 0;
        ifNewer = false;
        callerVersion = NO_CALLER_VERSION;
        newCallerVersion = false;
        expiryMillis = NEVER;
        softExpiryMillis = NEVER;
        clientFlags = 0;
        format = 0;
        negative = false;
        fill = NO_FILL;
        delta = 0;
        initial = 0;
        createIfAbsent = false;
        keepExpiry = false;
        change = Change.KEEP;
        lockNanosMax = UNLIMITED;
        version = 0;
        storedCallerVersion = 0;
        number = 0;
        endOfLifeMillis = NEVER;
        touchSink = null;
        tagCount = 0;
        keptTagCount = NONE_KEPT;
        return this;
    }
}
