package io.larder.server.store;

/**
 * A hierarchical timing wheel of segments: when each is to be looked through for expired items.
 * Scheduling and cancelling are O(1) and allocate nothing. Under the shard's lock; the size may be
 * read without it.
 *
 * <p>Four wheels of 64 slots; a slot of the first is 64 ms. What is further off than the last
 * reaches waits in its last slot and is scheduled anew there. A segment is never handed out early,
 * and late by no more than a tick.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/41457.37504">Varghese and Lauck, Hashed and
 *     hierarchical timing wheels</a>
 */
final class SegmentTimerWheel {
    private static final int TICK_SHIFT = 6;
    private static final int SLOT_SHIFT = 6;
    private static final int SLOTS = 1 << SLOT_SHIFT;
    private static final int LEVELS = 4;

    /** Where segments wait that are due. */
    private static final int DUE_SLOT = LEVELS * SLOTS;

    private final SegmentTable segments;
    private final SegmentList[] slots = new SegmentList[DUE_SLOT + 1];
    private long tick;
    private int size;

    SegmentTimerWheel(SegmentTable segments, long nowMillis) {
        this.segments = segments;
        this.tick = nowMillis >>> TICK_SHIFT;
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = new SegmentList(segments, SegmentTable.WHEEL_LINKS);
        }
    }

    /** Segments scheduled or due. */
    int size() {
        return size;
    }

    /** Has the segment handed out once its due time has passed, whatever it was scheduled for. */
    void schedule(int segment) {
        cancel(segment);
        size++;
        add(segment);
    }

    private void add(int segment) {
        // Rounded up: at the start of this tick the due time has passed.
        long dueTick = (segments.dueMillis(segment) >>> TICK_SHIFT) + 1;
        int slot = slotOf(Math.max(dueTick, tick + 1));
        slots[slot].addLast(segment);
        segments.set(segment, SegmentTable.WHEEL_SLOT, slot);
    }

    private int slotOf(long dueTick) {
        for (int level = 0; level < LEVELS; level++) {
            int shift = level * SLOT_SHIFT;
            if ((dueTick >>> shift) - (tick >>> shift) < SLOTS) {
                return level * SLOTS + (int) ((dueTick >>> shift) & (SLOTS - 1));
            }
        }
        int shift = (LEVELS - 1) * SLOT_SHIFT;
        return (LEVELS - 1) * SLOTS + (int) (((tick >>> shift) - 1) & (SLOTS - 1));
    }

    /** Forgets the segment. */
    void cancel(int segment) {
        int slot = segments.get(segment, SegmentTable.WHEEL_SLOT);
        if (slot != SegmentTable.NONE) {
            slots[slot].remove(segment);
            segments.set(segment, SegmentTable.WHEEL_SLOT, SegmentTable.NONE);
            size--;
        }
    }

    /** Takes out a segment that is due, {@link SegmentTable#NONE} if none is. */
    int poll(long nowMillis) {
        advance(nowMillis >>> TICK_SHIFT);
        int segment = slots[DUE_SLOT].first();
        if (segment != SegmentTable.NONE) {
            cancel(segment);
        }
        return segment;
    }

    private void advance(long nowTick) {
        if (size == 0) {
            tick = Math.max(tick, nowTick);
        }
        while (tick < nowTick) {
            tick++;
            for (int level = 1; level < LEVELS; level++) {
                int shift = level * SLOT_SHIFT;
                if ((tick & ((1L << shift) - 1)) != 0) {
                    break;
                }
                empty(level * SLOTS + (int) ((tick >>> shift) & (SLOTS - 1)), false);
            }
            empty((int) (tick & (SLOTS - 1)), true);
        }
    }

    private void empty(int slot, boolean due) {
        SegmentList list = slots[slot];
        for (int left = list.size(); left > 0; left--) {
            int segment = list.first();
            list.remove(segment);
            if (due || (segments.dueMillis(segment) >>> TICK_SHIFT) < tick) {
                slots[DUE_SLOT].addLast(segment);
                segments.set(segment, SegmentTable.WHEEL_SLOT, DUE_SLOT);
            } else {
                add(segment);
            }
        }
    }
}
