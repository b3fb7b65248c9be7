package io.larder.server.admin;

import io.larder.server.region.RegionTable;
import io.larder.server.store.Scan;
import io.larder.server.store.ScanSink;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A walk through all items of the default region for one answer, in steps of {@link #BUCKETS}
 * chains between which it rests, for the clients' sake. One at a time in a server; a second one is
 * refused.
 */
final class ItemWalk {
    /** Chains of the index looked at in a step. */
    static final int BUCKETS = 128;

    /** So many times as long as a step took nothing is done, at least a millisecond. */
    private static final int REST_FACTOR = 24;

    private final AdminItems items;
    private final AtomicReference<@Nullable String> running = new AtomicReference<>();

    ItemWalk(AdminItems items) {
        this.items = items;
    }

    /**
     * Shows every item whose key begins with {@code prefix} to the sink, at least once if it is
     * there all the time, then calls {@code atEnd}, which ends the answer; unless another walk is
     * under way, which is answered with an error.
     *
     * @param what the command, for the one that is refused
     */
    void begin(String what, byte[] prefix, AdminReply reply, ScanSink sink, Runnable atEnd) {
        if (!running.compareAndSet(null, what)) {
            reply.error("busy", running.get() + " is still running (expected: one such at a time)");
            return;
        }
        Scan scan = new Scan();
        scan.space = items.regions().space(RegionTable.DEFAULT_ID);
        scan.prefix.wrap(prefix, 0, prefix.length);
        scan.bucketsMax = BUCKETS;
        reply.connection().execute(() -> step(scan, reply, sink, atEnd));
    }

    private void step(Scan scan, AdminReply reply, ScanSink sink, Runnable atEnd) {
        boolean isOver = true;
        long beginNanos = System.nanoTime();
        try {
            if (!reply.isCancelled()) {
                items.store().scan(scan, items.nowMillis(), sink);
                isOver = scan.cursor == Scan.END;
            }
        } finally {
            if (isOver) {
                running.set(null);
            }
        }
        if (reply.isCancelled()) {
            running.set(null);
        } else if (isOver) {
            atEnd.run();
        } else {
            long restNanos = REST_FACTOR * (System.nanoTime() - beginNanos);
            reply.connection()
                    .schedule(
                            () -> step(scan, reply, sink, atEnd),
                            Math.max(1, TimeUnit.NANOSECONDS.toMillis(restNanos)));
        }
    }
}
