package io.larder.server.limit;

import java.util.concurrent.TimeUnit;

/** Whether an event loop has more to do than it can, measured by how long requests queue for it. */
/*
 * A request waits in its socket until the loop's pass comes to it. It came after the last pass had
 * looked there, so it has waited for less than the time since that pass began, and for at least the
 * time since this one began if it was there when this one looked. A loop that keeps up has short
 * passes: what came in a short one is little, and so is the next. One that does not keep up has
 * passes that grow, for what came in a long one is much.
 *
 *   pass n (late)                      pass n + 1
 *   |====================================|=====X-------------------|
 *                 ^ a request comes            ^ delayNanosMax     ^ the sockets are empty again
 *
 * So once passes have been late for INTERVAL_NANOS without one that was not (as CoDel does, which
 * judges a queue by the least delay of an interval: a burst that is worked off is no overload), a pass
 * carries requests out for delayNanosMax only; X marks where. What it finds after that is refused,
 * which takes far less time than to carry it out, so the pass ends soon and all sockets have been
 * emptied: nothing has waited for more than about twice delayNanosMax, and all that time was spent on
 * work that was accepted. It goes on so until there has been no such row of late passes for AFTER_NANOS
 * (CoDel, too, goes on where it left off when a queue builds up again soon): clients that pause for a
 * moment would else have it find out anew each time, and all they then ask at once would be carried
 * out, however late. A pass that is not late refuses nothing.
 *
 * (K. Nichols, V. Jacobson, "Controlling Queue Delay", ACM Queue 10(5), 2012.)
 *
 * One late pass is not enough, as a pause of the whole process makes one; a pass that has taken
 * LONG_NANOS already is, or the first long queue would be carried out to its end.
 */
public final class LoopLoad {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONG_NANOS = 5 * INTERVAL_NANOS;
    private static final long AFTER_NANOS = 10 * INTERVAL_NANOS;

    /** A loop that did nothing for so long had nothing to do. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int LATE_PASSES_MIN = 2;

    private final Overload overload;
    private final LoopPass pass;
    private long passNumber;
    private long beganNanos; // the pass
    private long endedNanos; // the last batch
    private long calmNanos; // the end of the last pass that was not late
    private int latePasses; // since then
    private boolean wasOverloaded; // ever: passes were late for long
    private long overloadedNanos; // when they last were
    private boolean isStrained;

    LoopLoad(Overload overload, LoopPass pass) {
        this.overload = overload;
        this.pass = pass;
    }

    /** A batch of requests has been read, and is about to be carried out. */
    public void beginBatch(long nowNanos) {
        if (pass.number() != passNumber) {
            beginPass(nowNanos);
        }
        look(nowNanos);
    }

    private void beginPass(long nowNanos) {
        boolean isFirst = passNumber == 0;
        passNumber = pass.number();
        boolean isLate = endedNanos - beganNanos > overload.delayNanosMax();
        if (isFirst || !isLate || nowNanos - endedNanos > REST_NANOS) {
            calmNanos = nowNanos;
            latePasses = 0;
        } else {
            latePasses++;
        }
        if (!isFirst && isLate) {
            overload.countLatePass();
        }
        beganNanos = nowNanos;
    }

    /** Finds out anew whether there is too much to do; within a long batch, now and then. */
    public void look(long nowNanos) {
        isStrained = passNumber != 0 && overload.delayNanosMax() != 0 && isTooMuch(nowNanos);
    }

    private boolean isTooMuch(long nowNanos) {
        if (latePasses >= LATE_PASSES_MIN && nowNanos - calmNanos > INTERVAL_NANOS) {
            wasOverloaded = true;
            overloadedNanos = nowNanos;
        }
        boolean isOverloaded = wasOverloaded && nowNanos - overloadedNanos < AFTER_NANOS;
        return isOverloaded || nowNanos - beganNanos > LONG_NANOS;
    }

    /** The batch has been carried out. */
    public void endBatch(long nowNanos) {
        endedNanos = nowNanos;
    }

    /** Whether there is too much to do, so that requests may have to be refused. */
    public boolean isStrained() {
        return isStrained;
    }

    /** Whether a request is to be refused, which is counted. */
    public boolean refuses() {
        boolean isRefused = isStrained && refuses(System.nanoTime());
        if (isRefused) {
            overload.countRefusal();
        }
        return isRefused;
    }

    /** Whether one is at this time, if {@link #isStrained}. */
    boolean refuses(long nowNanos) {
        return nowNanos - beganNanos > overload.delayNanosMax();
    }
}
