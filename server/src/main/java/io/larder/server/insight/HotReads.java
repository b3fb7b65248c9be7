package io.larder.server.insight;

import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import java.util.List;

/**
 * Counts the reads of the keys that are read most, as far as the access log has kept them: what it
 * dropped is missing from all keys alike. For any thread.
 */
final class HotReads implements AccessSink {
    private static final int HALVING_READS = 1 << 20;

    private final HotTable table = new HotTable(HALVING_READS); // guarded by this

    /** Locking: this object's monitor, for the batch. */
    @Override
    public synchronized void accept(long[] entries, int count) {
        for (int i = 0; i < count; i++) {
            if (!AccessLog.isInsert(entries[i])) {
                table.add(AccessLog.hash(entries[i]), 1);
            }
        }
        table.age();
    }

    /** The keys read most, the hottest first. Locking: this object's monitor. */
    synchronized List<HotTable.Hot> top(int limit) {
        return table.top(limit);
    }
}
