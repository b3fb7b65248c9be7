package io.larder.server.push;

import io.larder.server.metrics.StripedCounter;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is to be pushed to one connection: from any thread to its event loop, lock-free, at most
 * {@link #BYTES_MAX} bytes of frames. What finds it full, and everything in it, becomes one
 * INVALIDATE_ALL, which is as true and always fits.
 *
 * <p>Any thread may offer and wake; everything else belongs to the connection's event loop.
 */
/*
 * A Treiber stack whose consumer takes all of it at once and turns it round: a node is never popped
 * alone, so there is no ABA, and its newest node knows how many bytes there are in all. A push is
 * in it from the CAS on; an offer that is under way elsewhere keeps nobody from taking what is
 * there. That is what SYNC needs: what was offered before it, is written before its reply.
 *
 *   producer                            event loop
 *   top = node, CAS                     woken = false, volatile
 *   woken? else wake                    take all of top
 *
 * No push is forgotten. A producer that finds `woken` set has put its node before that read, so
 * before the event loop clears it, and what is taken after that includes the node.
 *
 * Once INVALIDATE_ALL of everything is on top, nothing is put on it: whatever was to be said is
 * about a value that the client has got before it reads this, or asks for after it has dropped all.
 */
public class PushQueue {
    /** Bytes of frames that wait for an event loop, or for a client that does not read. */
    public static final int BYTES_MAX = 256 << 10;

    private static final long[] NO_MARKS = {};
    private static final int NO_REGION = -1;

    private final AtomicReference<@Nullable Push> top = new AtomicReference<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final int bytesMax;
    private final StripedCounter overflows;
    private volatile Runnable wake = () -> {};
    private volatile boolean closed;

    /** The event loop while it carries out what its client is not to be told of, else null. */
    private volatile @Nullable Thread muted;

    /** The region whose clears are told whether anything was tracked or not. */
    private volatile int regionWatched = NO_REGION;

    /** A bit for each region that is marked; replaced by the event loop, never changed. */
    private volatile long[] marks = NO_MARKS;

    private @Nullable HotTold hotTold; // from the first hot key on
    private int sequence; // of the last frame written

    PushQueue(int bytesMax, StripedCounter overflows) {
        this.bytesMax = bytesMax;
        this.overflows = overflows;
    }

    /** Sets what has {@link #writeTo} called soon, from any thread. It must not block or throw. */
    public final void onOffered(Runnable newWake) {
        wake = newWake;
        if (!isEmpty()) {
            wake();
        }
    }

    /** Adds a push, or turns all into one; see {@link #wake}. Locking: none. */
    void offer(Push push) {
        while (!closed) {
            Push head = top.get();
            if (head != null && head.isEverything()) {
                return;
            }
            int bytes = push.frameBytes() + (head == null ? 0 : head.bytesInAll);
            Push next = bytes > bytesMax ? Push.invalidateEverything() : push;
            next.older = next == push ? head : null;
            next.bytesInAll = next == push ? bytes : push.frameBytes();
            if (top.compareAndSet(head, next)) {
                if (next != push) {
                    overflows.increment();
                }
                return;
            }
        }
    }

    /** Has what was offered written soon. Locking: none; not to be called with one held. */
    final void wake() {
        if (!isEmpty() && !woken.get() && woken.compareAndSet(false, true)) {
            wake.run();
        }
    }

    /** Whether there is nothing to be written. Any thread. */
    public final boolean isEmpty() {
        return top.get() == null;
    }

    /**
     * Appends everything offered so far to {@code out}, in its order, but for what the connection's
     * user may not know by now, which is as if it had never been offered.
     */
    public final void writeTo(ByteBuf out, PushRights rights) {
        woken.set(false);
        Push newest = top.getAndSet(null);
        Push oldest = null;
        while (newest != null) {
            Push older = newest.older;
            newest.older = oldest;
            oldest = newest;
            newest = older;
        }
        for (Push push = oldest; push != null; push = push.older) {
            if (push.isFor(rights)) {
                sequence = sequence == -1 ? 1 : sequence + 1; // 0 is for pushes without a number
                push.write(out, sequence);
            }
            if (push.isEverything()) {
                marks = NO_MARKS;
            } else if (push.isRegion()) {
                unmark(push.regionId());
            }
        }
    }

    /**
     * The connection's user may read something else than before: has it drop what it keeps, if it
     * keeps anything. On the event loop.
     */
    public final void dropCopies() {
        boolean keeps = isWatching();
        for (long word : marks) {
            keeps |= word != 0;
        }
        if (keeps) {
            offer(Push.invalidateEverything());
            wake();
        }
    }

    /** Has the connection told of clears of a region, until it has been told of one. */
    final void mark(int regionId) {
        if (!isMarked(regionId)) {
            int word = regionId >>> 6;
            long[] changed = Arrays.copyOf(marks, Math.max(marks.length, word + 1));
            changed[word] |= 1L << (regionId & 63);
            marks = changed;
        }
    }

    private void unmark(int regionId) {
        if (isMarked(regionId)) {
            long[] changed = marks.clone();
            changed[regionId >>> 6] &= ~(1L << (regionId & 63));
            marks = changed;
        }
    }

    /** Has the connection told of all clears of a region. */
    final void watch(int regionId) {
        regionWatched = regionId;
    }

    final boolean isWatching() {
        return regionWatched != NO_REGION;
    }

    /** Whether a clear of the region is to be told. Any thread. */
    final boolean isToldOfClears(int regionId) {
        return regionWatched == regionId || isMarked(regionId);
    }

    private boolean isMarked(int regionId) {
        long[] present = marks;
        int word = regionId >>> 6;
        return word < present.length && (present[word] & 1L << (regionId & 63)) != 0;
    }

    /** The number of the last push written, u32; 0 before the first. */
    public final int sequence() {
        return sequence;
    }

    /** Which hot keys the connection was told of. */
    final HotTold hotTold() {
        HotTold present = hotTold;
        if (present == null) {
            present = new HotTold();
            hotTold = present;
        }
        return present;
    }

    /** Until it is switched off again, what this thread changes itself is not told. */
    public final void mute(boolean isOn) {
        muted = isOn ? Thread.currentThread() : null;
    }

    /** Whether what this thread changes is not to be told. */
    final boolean isMuted() {
        return muted == Thread.currentThread();
    }

    /** Takes nothing any more. */
    final void close() {
        closed = true;
        top.set(null);
    }

    /** Whether its connection is gone. Any thread. */
    final boolean isClosed() {
        return closed;
    }
}
