package io.larder.server.store;

import java.util.Locale;

/**
 * What has become of a key, as far as is known.
 *
 * @param kind in one word
 * @param atMillis when, in store milliseconds; {@link #UNKNOWN} where nobody noted it
 * @param author whose write it was, as {@link Mutation#author}; {@link Mutation#NOBODY} if none's
 * @param reason more about it
 * @param segmentsFree what room was left in the store when it was evicted, in segments
 */
public record Fate(Kind kind, long atMillis, long author, Reason reason, int segmentsFree) {
    /** No such time. */
    public static final long UNKNOWN = -1;

    /** What became of it. */
    public enum Kind {
        /** It is there. */
        LIVE,
        /** It is there with a newer value; the fate is the older one's. */
        OVERWRITTEN,
        /** Dropped for room. */
        EVICTED,
        /** Past its expiry. */
        EXPIRED,
        /** A caller deleted it. */
        DELETED,
        /** Invalidated together with others. */
        CLEARED,
        /** There has been no such key since the start. */
        NEVER_SET,
        /** It is not there, and why is not known any more. */
        NOT_RECORDED;

        /** As people are shown it, like {@code never-set}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What tells fates of one kind apart. */
    public enum Reason {
        /** Nothing to add. */
        NONE,
        /** The store had no room. */
        MEMORY,
        /** Its region was over its quota. */
        QUOTA,
        /** The chain of its bucket was at its cap. */
        CHAIN,
        /** Its region was cleared. */
        REGION,
        /** A tag of its was. */
        TAG,
        /** A prefix of its was. */
        PREFIX;

        /** As people are shown it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A fate of which no more is known. */
    static Fate of(Kind kind) {
        return new Fate(kind, UNKNOWN, Mutation.NOBODY, Reason.NONE, 0);
    }
}
