package io.larder.server.store;

import io.larder.server.memory.Slice;

/**
 * A walk through a store, in steps: what it looks for, where it is, and the room it works in. A
 * reusable carrier for one thread; set what is wanted, then call {@link Store#scan} until {@link
 * #cursor} is {@link #END}.
 *
 * <p>An item that is present from the first step's begin to the last one's end is handed over at
 * least once, whatever is written, split, compacted or evicted meanwhile. Others may be or not, and
 * any may come twice.
 */
public final class Scan {
    /** The cursor of a scan that has not begun. */
    public static final long BEGIN = 0;

    /** The cursor of a scan that is over. */
    public static final long END = 0;

    /** Items of all spaces. */
    public static final int ANY_SPACE = -1;

    private static final int BUCKETS_MAX_DEFAULT = 256;

    /** The items' keys must begin with these bytes; empty by default. */
    public final Slice prefix = new Slice();

    /** The items' space, or {@link #ANY_SPACE}. */
    public int space;

    /** Says which items may be seen, apart from their expiry. */
    public Liveness liveness = Liveness.ALL;

    /** Whether values are copied, too; without, a {@link ScannedItem} has an empty one. */
    public boolean withValues;

    /** The most chains looked at in one step, from 1: what bounds a step that finds nothing. */
    public int bucketsMax;

    /**
     * Where the next step begins, and, after it, where it ended: {@link #BEGIN} and {@link #END},
     * or opaque.
     */
    public long cursor;

    /** Chains still to be looked at in this step. */
    int bucketsLeft;

    final ScanBatch batch = new ScanBatch();
    final Slice keyScratch = new Slice();

    /** A scan of everything, without values. */
    public Scan() {
        reset();
    }

    /** Makes everything its default, so that another scan can begin. */
    public Scan reset() {
        prefix.wrapAddress(0, 0);
        space = ANY_SPACE;
        liveness = Liveness.ALL;
        withValues = false;
        bucketsMax = BUCKETS_MAX_DEFAULT;
        cursor = BEGIN;
        return this;
    }
}
