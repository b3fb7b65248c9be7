package io.larder.server.memory;

import java.util.Arrays;

/**
 * Everything one line of writers stored, in order, and what a reader that ran beside them may have
 * seen of it. A checker records a few writes, then runs the reader once for each way its loads can
 * come out.
 *
 * <p>For one thread. Locations are numbered words, given out by {@link #allocate}.
 */
public final class History {
    /*
     * The machine is a release-acquire one, as the Java memory model allows it and x86 hides it.
     * Writers take turns under a lock, so they are one line; time counts their stores.
     *
     *   a store carries a view: the time up to which whoever synchronizes with it sees everything.
     *     release: its own time           plain: that of the last release fence before it
     *   the reader has a view, at first the time it starts at, and may load any version of a word
     *     from the one its view shows it up to the last there is. Stale values and loads done in
     *     another order are covered by that.
     *     acquire: joins the store's view into the reader's
     *     opaque, plain: keeps the store's view for the next acquire fence; an opaque load of a
     *       word is never older than the one before it
     *
     * A reader that has seen a store of time t was still running at t: the earliest time it can
     * have ended at is the latest store it saw. The paths are walked depth first by running the
     * reader again with the choices made so far and the next one changed. A version with a value
     * that an earlier one has too, under a view no wider, leads nowhere new and is left out.
     */
    private static final int PATHS_MAX = 2_000_000;

    /** An ordering left out on purpose, to see whether a checker misses it. */
    public enum Weakening {
        NONE,
        STORE_FENCE,
        LOAD_FENCE,
        RELEASE,
        ACQUIRE
    }

    enum Access {
        PLAIN,
        OPAQUE,
        ACQUIRE
    }

    /** The values a word had since {@link History#begin}, the first of time 0. */
    private static final class Versions {
        long[] values = new long[4];
        int[] times = new int[4];
        int[] views = new int[4];
        int count;
        int seen;

        void add(long value, int time, int view) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
                times = Arrays.copyOf(times, 2 * count);
                views = Arrays.copyOf(views, 2 * count);
            }
            values[count] = value;
            times[count] = time;
            views[count++] = view;
        }

        /** The last version not after {@code time}. */
        int at(int time) {
            int version = count - 1;
            while (times[version] > time) {
                version--;
            }
            return version;
        }

        boolean leadsNowhereNew(int version, int low) {
            for (int earlier = low; earlier < version; earlier++) {
                if (values[earlier] == values[version] && views[earlier] <= views[version]) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Weakening weakening;
    private long[] latest = {};
    private Versions[] versions = {};
    private int locations;
    private boolean recording;
    private boolean reading;
    private int now;
    private int fenced;

    // Of the reader.
    private int limit;
    private int view;
    private int viewPending;
    private int end;
    private final int[] choices = new int[256];
    private final int[] options = new int[256];
    private int depth;
    private int known;
    private int paths;

    public History(Weakening weakening) {
        this.weakening = weakening;
    }

    /** Numbers of {@code count} new locations, all zero: the first of them. */
    public int allocate(int count) {
        int first = locations;
        locations += count;
        latest = Arrays.copyOf(latest, locations);
        versions = Arrays.copyOf(versions, locations);
        return first;
    }

    // ---- writing

    /** What has been stored so far is the state at time 0. */
    public void begin() {
        recording = true;
    }

    /** How many stores there were since the beginning. */
    public int now() {
        return now;
    }

    /** A store by the writers; with {@code release}, all before it goes with it. */
    public void store(int location, long value, boolean release) {
        assert !reading : "the reader stores";
        long before = latest[location];
        if (before == value) {
            return;
        }
        latest[location] = value;
        if (recording) {
            if (versions[location] == null) {
                versions[location] = new Versions();
                versions[location].add(before, 0, 0);
            }
            now++;
            boolean carries = release && weakening != Weakening.RELEASE;
            versions[location].add(value, now, carries ? now : fenced);
        }
    }

    void releaseFence() {
        if (!reading && weakening != Weakening.STORE_FENCE) {
            fenced = now;
        }
    }

    // ---- reading

    /** Forgets all paths: the next reader starts at time {@code start} and is the first to. */
    public void startAt(int start) {
        known = 0;
        paths = 0;
        rewind(start, now);
    }

    /** The next reader sees the state of {@code time} and nothing else. */
    public void freezeAt(int time) {
        known = 0;
        rewind(time, time);
    }

    /**
     * Turns to the next path of a reader that starts at {@code start}; false if that was the last.
     */
    public boolean nextPath(int start) {
        while (known > 0 && choices[known - 1] == options[known - 1] - 1) {
            known--;
        }
        if (known == 0) {
            return false;
        }
        choices[known - 1]++;
        if (++paths > PATHS_MAX) {
            throw new IllegalStateException(
                    "paths: " + paths + " (expected: at most " + PATHS_MAX + ")");
        }
        rewind(start, now);
        return true;
    }

    private void rewind(int start, int newLimit) {
        reading = true;
        depth = 0;
        limit = newLimit;
        view = start;
        viewPending = 0;
        end = start;
        for (Versions each : versions) {
            if (each != null) {
                each.seen = 0;
            }
        }
    }

    /** Leaves the reader's view: loads see the latest again. */
    public void stopReading() {
        reading = false;
    }

    /** Whether loads are a reader's. */
    public boolean reading() {
        return reading;
    }

    /** The earliest time at which the reader can have seen what it saw. */
    public int end() {
        return end;
    }

    /** An acquire load. */
    public long loadAcquire(int location) {
        return load(location, Access.ACQUIRE);
    }

    long load(int location, Access access) {
        Versions all = versions[location];
        if (!reading || all == null) {
            return latest[location];
        }
        int low = all.at(view);
        if (access != Access.PLAIN) {
            low = Math.max(low, all.seen);
        }
        int version = choose(all, low, all.at(limit));
        all.seen = Math.max(all.seen, version);
        end = Math.max(end, all.times[version]);
        if (access == Access.ACQUIRE && weakening != Weakening.ACQUIRE) {
            view = Math.max(view, all.views[version]);
        } else {
            viewPending = Math.max(viewPending, all.views[version]);
        }
        return all.values[version];
    }

    void acquireFence() {
        if (reading && weakening != Weakening.LOAD_FENCE) {
            view = Math.max(view, viewPending);
        }
    }

    private int choose(Versions all, int low, int high) {
        int candidates = 0;
        for (int version = low; version <= high; version++) {
            candidates += all.leadsNowhereNew(version, low) ? 0 : 1;
        }
        if (candidates <= 1) {
            return low;
        }
        if (depth == known) {
            choices[known] = 0;
            options[known++] = candidates;
        }
        assert options[depth] == candidates : "the reader is not deterministic";
        int left = choices[depth++];
        int version = low;
        while (left > 0) {
            version++;
            left -= all.leadsNowhereNew(version, low) ? 0 : 1;
        }
        return version;
    }
}
