package io.larder.client.net;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that are sent and not answered: a fixed table of slots. A
 * request's id is its slot and the slot's generation, so a reply finds its call without hashing,
 * and a reply to an earlier life of the slot finds nothing. One thread: the event loop. Allocates
 * nothing.
 */
/*
 *   request id:  | generation, the other bits, never 0 | slot, log2(capacity) bits |
 *
 *   free --add--> pending --release--> free            generation + 1
 *                    |
 *                    +--expire--> abandoned --release--> free
 *
 * Abandoned: the caller has been told of the timeout, but the server may still answer. The slot
 * stays taken, and counts for the server's window, until the answer comes or the connection
 * ends. So an id is never in use twice, a late reply is told from a forged one, and slots may be
 * taken in the order that suits the cache: the last one freed first.
 *
 * Deadlines are swept, not queued: one pass over an array of longs, and only when the earliest of
 * them has come.
 */
final class PendingRequests {
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final int slotMask;
    private final @Nullable Call<?>[] calls; // null: free or abandoned
    private final int[] ids; // present, or for a free slot the next one
    private final int[] frameBytes; // 0: free
    private final long[] deadlines; // relative to the epoch, NO_DEADLINE unless pending
    private final int[] freeSlots;
    private final long epochNanos;
    private int freeCount;
    private int abandoned;
    private long unansweredBytes;
    private long earliestDeadline = NO_DEADLINE;

    /**
     * @param capacity requests at most, rounded up to a power of two; 1 to 65,536
     * @param epochNanos a time of the clock that deadlines are of, not after any of them
     */
    PendingRequests(int capacity, long epochNanos) {
        assert capacity >= 1 && capacity <= 1 << 16 : capacity;
        int slots = Math.max(2, Integer.highestOneBit(capacity * 2 - 1));
        this.slotMask = slots - 1;
        this.calls = new @Nullable Call<?>[slots];
        this.ids = new int[slots];
        this.frameBytes = new int[slots];
        this.deadlines = new long[slots];
        this.freeSlots = new int[slots];
        this.freeCount = slots;
        this.epochNanos = epochNanos;
        Arrays.fill(deadlines, NO_DEADLINE);
        for (int slot = 0; slot < slots; slot++) {
            ids[slot] = slot + slots;
            freeSlots[slot] = slots - 1 - slot;
        }
    }

    int capacity() {
        return calls.length;
    }

    /** Requests sent and not answered, abandoned ones included. */
    int unanswered() {
        return calls.length - freeCount;
    }

    /** Bytes of their frames, as windows count them. */
    long unansweredBytes() {
        return unansweredBytes;
    }

    /** Requests whose callers have given up, and that are not answered. */
    int abandoned() {
        return abandoned;
    }

    /** As {@link #add(Call, int)}, for a frame that counts as a whole. */
    int add(Call<?> call) {
        return add(call, call.frameBytes());
    }

    /**
     * Takes a free slot, of which there must be one, and returns the request's id; never 0.
     *
     * @param windowBytes what it takes of the window, from 1
     */
    int add(Call<?> call, int windowBytes) {
        assert freeCount > 0;
        int slot = freeSlots[--freeCount];
        long deadline = call.deadlineNanos - epochNanos;
        calls[slot] = call;
        deadlines[slot] = deadline;
        frameBytes[slot] = windowBytes;
        call.id = ids[slot];
        unansweredBytes += frameBytes[slot];
        earliestDeadline = Math.min(earliestDeadline, deadline);
        return ids[slot];
    }

    /** The slot of an unanswered request with this id; -1 if there is none. */
    int slotOf(int id) {
        int slot = id & slotMask;
        return ids[slot] == id && frameBytes[slot] > 0 ? slot : -1;
    }

    /** The call in a slot; null if it is abandoned. */
    @Nullable Call<?> callAt(int slot) {
        return calls[slot];
    }

    /** The caller has given up; the slot stays taken until the answer comes. */
    void abandon(int slot) {
        assert calls[slot] != null : slot;
        calls[slot] = null;
        deadlines[slot] = NO_DEADLINE;
        abandoned++;
    }

    /** Frees a slot that is taken: its request was answered. */
    void release(int slot) {
        assert frameBytes[slot] > 0 : slot;
        if (calls[slot] == null) {
            abandoned--;
        }
        calls[slot] = null;
        deadlines[slot] = NO_DEADLINE;
        unansweredBytes -= frameBytes[slot];
        frameBytes[slot] = 0;
        int nextId = ids[slot] + calls.length;
        boolean wrapped = (nextId & ~slotMask) == 0;
        ids[slot] = wrapped ? nextId + calls.length : nextId;
        freeSlots[freeCount++] = slot;
    }

    /** Abandons each request whose deadline has come, after which its call is handed over. */
    void expire(long nowNanos, Consumer<Call<?>> overdue) {
        long now = nowNanos - epochNanos;
        if (now < earliestDeadline) {
            return;
        }
        long earliest = NO_DEADLINE;
        for (int slot = 0; slot < deadlines.length; slot++) {
            if (deadlines[slot] > now) {
                earliest = Math.min(earliest, deadlines[slot]);
                continue;
            }
            Call<?> call = calls[slot];
            assert call != null : slot;
            abandon(slot);
            overdue.accept(call);
        }
        earliestDeadline = earliest;
    }

    /** Frees all slots: the connection is gone. Hands over the calls that nobody has given up. */
    void releaseAll(Consumer<Call<?>> lost) {
        for (int slot = 0; slot < calls.length; slot++) {
            if (frameBytes[slot] == 0) {
                continue;
            }
            Call<?> call = calls[slot];
            release(slot);
            if (call != null) {
                lost.accept(call);
            }
        }
        earliestDeadline = NO_DEADLINE;
    }
}
