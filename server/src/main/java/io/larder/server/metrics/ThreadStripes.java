package io.larder.server.metrics;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Gives threads stripes of their own: a small number that no other living thread has, so that what
 * is kept by stripe needs no atomic operation. A bounded table, shared by the whole process.
 *
 * <p>Any thread may call anything. A virtual thread has no stripe, nor has a thread that found the
 * table full around its place: both take a shared one, by {@link #shared}, and whatever they write
 * there must be atomic or claimed. The table refers to its threads, to dead ones until {@link
 * #releaseDead} or until another thread takes their stripe.
 */
public final class ThreadStripes {
    /*
     *   owners, by thread id:   | T17 |  -  | T35 | T19 |  -  | ...      COUNT entries
     *
     *   own:    T19's home is 3 (its id, masked). owners[3] == T19: that is it. Otherwise it looks
     *           at PROBES entries from its home: one that says T19, else one that is free or whose
     *           owner is dead, which it takes by CAS
     *
     * A stripe has one owner: an entry leaves null or a dead thread only by CAS, and leaves a
     * living thread never. A thread finds its own entry by a plain load, since nobody else writes
     * its name there, and looks through the whole window before it takes another, so it never has
     * two. The load of somebody else's name may be stale, which the CAS then notices.
     *
     * What a stripe's owner wrote there, plainly, happens before what the next one does: the dead
     * owner's last action happens before isAlive answers false, that before the CAS (or before the
     * release of null, which the CAS acquires).
     *
     * The entries of a line are read by every thread and written only when threads come and go.
     */

    /** Returned in place of a stripe. */
    public static final int NONE = -1;

    /** How many stripes there are: their numbers are 0 to {@code COUNT - 1}. A power of two. */
    public static final int COUNT;

    /** How many numbers {@link #shared} chooses from. A power of two. */
    public static final int SHARED_COUNT;

    private static final int PER_PROCESSOR = 16;
    private static final int SHARED_PER_PROCESSOR = 4;
    private static final int COUNT_MIN = 64;
    private static final int COUNT_MAX = 1024;
    private static final int PROBES = 8;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    /** {@code (Thread)boolean}; a constant, so that it is compiled into its caller. */
    private static final MethodHandle IS_VIRTUAL = isVirtual();

    static {
        int processors = Runtime.getRuntime().availableProcessors();
        COUNT = powerOfTwo(Math.min(COUNT_MAX, Math.max(COUNT_MIN, PER_PROCESSOR * processors)));
        SHARED_COUNT = powerOfTwo(Math.min(COUNT, SHARED_PER_PROCESSOR * processors));
    }

    private static final AtomicReferenceArray<Thread> OWNERS = new AtomicReferenceArray<>(COUNT);

    private ThreadStripes() {}

    private static int powerOfTwo(int atLeast) {
        return 1 << (Integer.SIZE - Integer.numberOfLeadingZeros(atLeast - 1));
    }

    private static MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException e) { // before Java 21
            return MethodHandles.dropArguments(
                    MethodHandles.constant(boolean.class, false), 0, Thread.class);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The stripe of the calling thread, or {@link #NONE}. Locking: none. */
    public static int own() {
        Thread thread = Thread.currentThread();
        int home = (int) thread.getId() & COUNT - 1;
        return OWNERS.getPlain(home) == thread ? home : find(thread, home);
    }

    private static int find(Thread thread, int home) {
        if (isVirtual(thread)) {
            return NONE;
        }
        for (int probe = 1; probe < PROBES; probe++) {
            int stripe = home + probe & COUNT - 1;
            if (OWNERS.getPlain(stripe) == thread) {
                return stripe;
            }
        }
        return take(thread, home);
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int take(Thread thread, int home) {
        for (int probe = 0; probe < PROBES; probe++) {
            int stripe = home + probe & COUNT - 1;
            Thread owner = OWNERS.get(stripe);
            if ((owner == null || !owner.isAlive())
                    && OWNERS.compareAndSet(stripe, owner, thread)) {
                return stripe;
            }
        }
        return NONE;
    }

    /**
     * A number from 0 to {@code SHARED_COUNT - 1} for a thread without a stripe: the same for all
     * of its calls, and likely another than a neighbour's.
     */
    public static int shared() {
        long spread = Thread.currentThread().getId() * GOLDEN_RATIO;
        return (int) (spread >>> Integer.SIZE) & SHARED_COUNT - 1;
    }

    /** Forgets the threads that have died. Locking: none. */
    public static void releaseDead() {
        for (int stripe = 0; stripe < COUNT; stripe++) {
            Thread owner = OWNERS.get(stripe);
            if (owner != null && !owner.isAlive()) {
                OWNERS.compareAndSet(stripe, owner, null);
            }
        }
    }
}
