package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.Arrays;

/**
 * Unlinks a shard's expired items, segment by segment as they become due, a few per hold of the
 * lock. For one thread at a time; the shard's maintenance sees to that.
 */
final class SegmentExpirer {
    /*
     * A segment is due when a part of it that is worth a walk has expired, see SegmentLog.expires.
     * While walking, what will expire later is counted by time, in 256 equal steps up to the
     * segment's last expiry; at the end the first step by which enough of it will have expired
     * becomes the next due time. So a segment is walked about as often as such a part fits in it,
     * whatever its items' times to live, and each item is known expired to within that part, or a
     * 256th of its time, and a tick.
     *
     * The segment stays where it is, sealed or open, and may meanwhile be appended to, or have
     * holes filled: items only ever split at item boundaries, so the cursor stays on one. Should
     * it be recycled between two holds, its life tells. A segment in which no item is left is
     * retired at once.
     */
    private static final int BATCH = 128;
    private static final int STEPS = 256;
    private static final int NONE = SegmentTable.NONE;

    private final Shard shard;
    private final SegmentLog log;
    private final SegmentTable segments;
    private final Memory memory;
    private final int[] bytesByStep = new int[STEPS];

    private int segment = NONE;
    private long life;
    private long cursor;
    private int itemsLeft;
    private long stepsFromMillis;
    private long stepMillis;

    SegmentExpirer(Shard shard) {
        this.shard = shard;
        this.log = shard.log;
        this.segments = shard.segments;
        this.memory = shard.memory;
    }

    /**
     * Looks through the next few items of a due segment; false if none is due.
     *
     * <p>Locking: the shard's lock.
     */
    boolean step(long nowMillis) {
        int freed = NONE;
        shard.lock.lock();
        try {
            if (!begin(nowMillis)) {
                return false;
            }
            shard.account.expiry.advance(nowMillis);
            walk(nowMillis);
            if (cursor == end()) {
                freed = finish();
                segment = NONE;
            }
        } finally {
            shard.events.unlockAndTell();
        }
        if (freed != NONE) {
            segments.give(freed);
        }
        return true;
    }

    private boolean begin(long nowMillis) {
        if (segment != NONE && segments.lives(segment) == life) {
            return true;
        }
        segment = log.wheel.poll(nowMillis);
        if (segment == NONE) {
            return false;
        }
        life = segments.lives(segment);
        cursor = segments.start(segment);
        itemsLeft = 0;
        Arrays.fill(bytesByStep, 0);
        stepsFromMillis = nowMillis;
        stepMillis = Math.max(0, segments.expiryMaxMillis(segment) - nowMillis) / STEPS + 1;
        segments.forgetExpiries(segment);
        return true;
    }

    private long end() {
        return segments.start(segment) + segments.tail(segment);
    }

    private void walk(long nowMillis) {
        long end = end();
        for (int items = 0; items < BATCH && cursor < end; items++) {
            long word0 = memory.getLong(cursor);
            int bytes = ItemLayout.itemBytes(memory, cursor, word0);
            if (ItemLayout.state(word0) == ItemLayout.STATE_COMPLETE) {
                visit(cursor, ItemLayout.expiryMillis(word0), bytes, nowMillis);
            }
            cursor += bytes;
        }
    }

    private void visit(long position, long expiryMillis, int bytes, long nowMillis) {
        if (expiryMillis <= nowMillis) {
            drop(position);
            return;
        }
        itemsLeft++;
        if (expiryMillis != Mutation.NEVER) {
            long step = (expiryMillis - stepsFromMillis) / stepMillis;
            bytesByStep[(int) Math.min(step, STEPS - 1)] += bytes;
        }
    }

    private void drop(long position) {
        long hash = shard.hashAt(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE) {
            shard.account.expirations++;
        }
        shard.noteRemoved(RemovalCause.EXPIRED, position, hash);
        shard.unlink(hash, shard.index.locate(hash, position));
    }

    /** Schedules the next look; or retires the segment and returns it, if nothing is left. */
    private int finish() {
        if (itemsLeft == 0 && segments.liveBytes(segment) == 0 && log.mayRecycle(segment)) {
            return retire();
        }
        long due = nextDueMillis();
        if (due < segments.dueMillis(segment)) {
            segments.setDueMillis(segment, due);
            log.wheel.schedule(segment);
        }
        return NONE;
    }

    private int retire() {
        if (log.isSealed(segment)) {
            log.dequeue(segment);
        } else if (log.isOpen(segment)) {
            log.close(segment);
        } else {
            return NONE;
        }
        shard.account.recycled(segments.deadBytes(segment));
        log.retire(segment);
        return segment;
    }

    private long nextDueMillis() {
        int bytes = 0;
        int last = NONE;
        for (int step = 0; step < STEPS; step++) {
            bytes += bytesByStep[step];
            if (bytesByStep[step] > 0) {
                last = step;
            }
            if (bytes >= log.urgentBytesMax()) {
                break;
            }
        }
        return last == NONE ? Mutation.NEVER : stepsFromMillis + (last + 1) * stepMillis;
    }
}
