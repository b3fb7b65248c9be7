package io.larder.server.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long somebody has to wait who has failed too often. Any thread.
 *
 * <p>Failures are counted for an address and what was tried there (a user, or a token): so a client
 * of another user behind the same address need not wait. The first {@link #FREE} are free, each one
 * more doubles the wait, up to {@link #WAIT_MILLIS_MAX}; after {@link #FORGET_MILLIS} without one
 * all is forgotten.
 *
 * <p>Bound: {@link #ENTRIES_MAX}; the one that failed longest ago is forgotten then.
 *
 * <p>Locking: this object's monitor.
 */
final class BackOff {
    static final int FREE = 5;
    static final long WAIT_MILLIS_MAX = 10_000;
    static final long FORGET_MILLIS = 60_000;
    static final int ENTRIES_MAX = 10_000;

    private static final long WAIT_MILLIS_FIRST = 100;
    private static final int DOUBLINGS_MAX = 7;

    private static final class Failures {
        int count;
        long lastNanos;
    }

    private final LongSupplier nanoClock;
    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > ENTRIES_MAX;
                }
            };

    BackOff(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Milliseconds until the next try is looked at; 0 for now. */
    synchronized long waitMillis(String who) {
        Failures known = failures.get(who);
        if (known == null || known.count < FREE) {
            return 0;
        }
        long passed = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - known.lastNanos);
        if (passed >= FORGET_MILLIS) {
            failures.remove(who);
            return 0;
        }
        int doublings = Math.min(DOUBLINGS_MAX, known.count - FREE);
        return Math.max(0, Math.min(WAIT_MILLIS_MAX, WAIT_MILLIS_FIRST << doublings) - passed);
    }

    synchronized void failed(String who) {
        Failures known = failures.computeIfAbsent(who, absent -> new Failures());
        long now = nanoClock.getAsLong();
        if (now - known.lastNanos >= TimeUnit.MILLISECONDS.toNanos(FORGET_MILLIS)) {
            known.count = 0;
        }
        known.count++;
        known.lastNanos = now;
    }

    synchronized void succeeded(String who) {
        failures.remove(who);
    }
}
