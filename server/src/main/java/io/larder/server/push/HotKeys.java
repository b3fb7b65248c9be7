package io.larder.server.push;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys that a server is asked for most, in what was learnt of its reads. A key is known
 * by {@link #identity}, a part of its hash. {@link #hit} and {@link #endBatch} are for one thread
 * at a time, on which they cost some nanoseconds; {@link #current} is for any.
 */
/*
 * A table of slots, one for each key that hashes there, and in each slot a vote [Boyer and Moore]: a
 * hit of the key that holds it is one vote for it, a hit of another one is a vote against it, and at
 * none the slot changes hands. A key with more than half of its slot's hits holds the slot in the end,
 * with a count no higher than its hits. Where it has a hundredth of all hits, the rest of its slot has
 * about a thousandth: so it does.
 *
 * Votes are counted for a window of time, then begin anew. Hits that were dropped on their way here
 * are missing from all keys alike.
 *
 * A key that is hot has no votes: its hits are counted by themselves, and it stays hot as long as one
 * connection that keeps its value for the time it is told would make them. Clients that do so read
 * it so seldom that it would be found no more; then all would ask again, until it is.
 *
 * https://www.cs.utexas.edu/~moore/best-ideas/mjrty/
 */
final class HotKeys {
    private static final int SLOTS = 1024;
    private static final long WINDOW_MILLIS = 200;

    /** Of all hits in a window, one in so many makes a key hot ... */
    private static final int SHARE = 100;

    /** ... if these are at least so many. */
    private static final int HITS_MIN = 200;

    /** The keys that are hot now. Immutable but for what is counted, by the one that learns. */
    static final class Hot {
        private static final int PLACES = 64;

        private final long[] identities = new long[PLACES];
        private final int[] hits = new int[PLACES]; // in this window
        private final long[] wantedMillis = new long[PLACES]; // when it had hits enough
        private final long untilMillis;

        Hot(long untilMillis) {
            this.untilMillis = untilMillis;
        }

        private static int placeOf(long identity) {
            return (int) (identity >>> 10) & PLACES - 1;
        }

        private void add(long identity, long nowMillis) {
            int place = placeOf(identity);
            identities[place] = identity;
            wantedMillis[place] = nowMillis;
        }

        /** False if the key is none of these. */
        private boolean count(long identity) {
            int place = placeOf(identity);
            if (identities[place] != identity) {
                return false;
            }
            hits[place]++;
            return true;
        }

        boolean has(long identity, long nowMillis) {
            return identities[placeOf(identity)] == identity && nowMillis < untilMillis;
        }
    }

    private final LongSupplier clockMillis;
    private final int keepMillis;
    private final long[] holders = new long[SLOTS];
    private final int[] votes = new int[SLOTS];
    private int hits; // in this window
    private long windowEndMillis;
    private volatile @Nullable Hot current; // null if no key is; written by the one that learns

    /**
     * @param keepMillis how long clients keep the value of a hot key
     */
    HotKeys(LongSupplier clockMillis, int keepMillis) {
        this.clockMillis = clockMillis;
        this.keepMillis = keepMillis;
        this.windowEndMillis = clockMillis.getAsLong() + WINDOW_MILLIS;
    }

    /** The present time. For any thread. */
    long nowMillis() {
        return clockMillis.getAsLong();
    }

    /** What a key is known by: its hash but for the lowest bit, which the access log needs. */
    static long identity(long hash) {
        return hash & ~1L;
    }

    /** A key was read. */
    void hit(long identity) {
        hits++;
        Hot hot = current;
        if (hot != null && hot.count(identity)) {
            return;
        }
        int slot = (int) (identity >>> 1) & SLOTS - 1;
        if (holders[slot] == identity) {
            votes[slot]++;
        } else if (votes[slot] == 0) {
            holders[slot] = identity;
            votes[slot] = 1;
        } else {
            votes[slot]--;
        }
    }

    /** Some keys were read: if the window is over, says which are hot. Allocates if any are. */
    void endBatch() {
        long nowMillis = clockMillis.getAsLong();
        if (nowMillis < windowEndMillis) {
            return;
        }
        int least = Math.max(HITS_MIN, hits / SHARE);
        Hot before = current;
        if (before != null || isAnyVotedFor(least)) {
            current = elect(before, least, nowMillis);
        }
        Arrays.fill(votes, 0);
        hits = 0;
        windowEndMillis = nowMillis + WINDOW_MILLIS;
    }

    private boolean isAnyVotedFor(int least) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (votes[slot] >= least) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Hot elect(@Nullable Hot before, int least, long nowMillis) {
        Hot next = new Hot(nowMillis + 2 * (WINDOW_MILLIS + keepMillis));
        boolean isAny = keepHot(before, next, nowMillis);
        for (int slot = 0; slot < SLOTS; slot++) {
            if (votes[slot] >= least) {
                next.add(holders[slot], nowMillis);
                isAny = true;
            }
        }
        return isAny ? next : null;
    }

    /** Takes over what is still wanted; true if anything is. */
    private boolean keepHot(@Nullable Hot before, Hot next, long nowMillis) {
        if (before == null) {
            return false;
        }
        long least = Math.max(1, WINDOW_MILLIS / (4L * Math.max(1, keepMillis)));
        boolean isAny = false;
        for (int place = 0; place < Hot.PLACES; place++) {
            boolean isWanted = before.hits[place] >= least;
            long wantedMillis = isWanted ? nowMillis : before.wantedMillis[place];
            boolean isHeld = nowMillis - wantedMillis <= 2L * keepMillis;
            if (before.identities[place] != 0 && isHeld) {
                next.add(before.identities[place], wantedMillis);
                isAny = true;
            }
        }
        return isAny;
    }

    /** The keys that are hot; null if there are none. */
    @Nullable Hot current() {
        return current;
    }
}
