package io.larder.server.compat.memcached;

import io.larder.server.compat.Peer;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The {@code flush_all} that is still to come: one at a time, the last one asked for. Any thread.
 */
final class FlushSchedule {
    private final RegionTable regions;
    private final UncaughtErrors errors;
    private @Nullable Future<?> due; // guarded by this

    FlushSchedule(RegionTable regions, UncaughtErrors errors) {
        this.regions = regions;
        this.errors = errors;
    }

    /**
     * Empties the region, now or after a while, when whatever is there by then goes.
     *
     * @return false if it cannot be emptied any more before a restart
     */
    synchronized boolean flush(Peer peer, long delayMillis) {
        if (due != null) {
            due.cancel(false);
            due = null;
        }
        if (delayMillis <= 0) {
            return clear();
        }
        due =
                peer.schedule(
                        () -> {
                            if (!clear()) {
                                errors.record(new IllegalStateException("flush_all: no space"));
                            }
                        },
                        delayMillis);
        return true;
    }

    private boolean clear() {
        try {
            regions.clear(RegionTable.DEFAULT_ID);
            return true;
        } catch (RegionLimitException e) {
            return false;
        }
    }
}
