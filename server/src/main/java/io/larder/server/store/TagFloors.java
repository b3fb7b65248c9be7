package io.larder.server.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The floors of the tags invalidated of late in one shard: open addressing, a word for the tag and
 * one for its floor. Written under the shard's lock, read by any thread without it.
 *
 * <p>A tag's floor is stored before the tag itself, and only ever rises, so whoever finds a tag
 * finds a floor. Entries leave with their table: {@link #above} makes another one without them.
 */
final class TagFloors {
    /** The most tags that may have a floor at once. */
    static final int TAGS_MAX = 1024;

    /** Below every version. */
    static final long NONE = 0;

    private static final int CAPACITY_MIN = 16;

    private final AtomicLongArray words;
    private int tags; // under the lock

    TagFloors() {
        this(CAPACITY_MIN);
    }

    private TagFloors(int capacity) {
        words = new AtomicLongArray(2 * capacity);
    }

    /** The version up to which items of the tag are dead; {@link #NONE} if none are. */
    long floor(long tag) {
        int at = indexOf(tag);
        return words.get(at) == tag ? words.get(at + 1) : NONE;
    }

    /** Where the tag is, or the empty place where it would go. */
    private int indexOf(long tag) {
        int mask = words.length() - 1;
        int at = (int) (tag << 1) & mask;
        long found = words.get(at);
        while (found != tag && found != 0) {
            at = (at + 2) & mask;
            found = words.get(at);
        }
        return at;
    }

    boolean hasRoomFor(long tag) {
        return tags < TAGS_MAX || words.get(indexOf(tag)) == tag;
    }

    /** Raises the floor of a tag; the table that has it then, this one or a longer copy. */
    TagFloors raised(long tag, long version) {
        int at = indexOf(tag);
        boolean isNew = words.get(at) != tag;
        if (isNew && 4 * (tags + 1) > words.length()) {
            TagFloors longer = copy(words.length(), NONE);
            longer.put(tag, version);
            return longer;
        }
        put(tag, version);
        return this;
    }

    private void put(long tag, long version) {
        int at = indexOf(tag);
        words.set(at + 1, version);
        if (words.get(at) != tag) {
            words.set(at, tag);
            tags++;
        }
    }

    /** The table without the floors up to {@code version}. */
    TagFloors above(long version) {
        return copy(words.length() / 2, version);
    }

    /** The highest of the floors up to {@code version}; {@link #NONE} if there are none. */
    long highestUpTo(long version) {
        long highest = NONE;
        for (int at = 0; at < words.length(); at += 2) {
            long floor = words.get(at + 1);
            highest = floor <= version ? Math.max(highest, floor) : highest;
        }
        return highest;
    }

    /** Tells each tag with its floor, of the floors up to {@code version}. */
    void forEachUpTo(long version, LongLongConsumer consumer) {
        for (int at = 0; at < words.length(); at += 2) {
            if (words.get(at) != 0 && words.get(at + 1) <= version) {
                consumer.accept(words.get(at), words.get(at + 1));
            }
        }
    }

    /** Takes a tag and its floor. */
    interface LongLongConsumer {
        void accept(long tag, long floor);
    }

    private TagFloors copy(int capacity, long version) {
        TagFloors copy = new TagFloors(capacity);
        for (int at = 0; at < words.length(); at += 2) {
            if (words.get(at) != 0 && words.get(at + 1) > version) {
                copy.put(words.get(at), words.get(at + 1));
            }
        }
        return copy;
    }

    /** How many tags have a floor. */
    int size() {
        return tags;
    }
}
