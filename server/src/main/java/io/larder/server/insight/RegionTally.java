package io.larder.server.insight;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What is counted of one region. Not for several threads at once. */
final class RegionTally {
    private static final long LATE_MILLIS_MAX = 3_600_000;
    private static final int DIGITS = 2;

    /** All reads of the region, as far as those listened to by turns tell. */
    final ReadTally reads = new ReadTally();

    private @Nullable Histogram lateMillis; // made for the first

    /** A read came so long after its item had expired, which was in the store until then. */
    void addLate(long millis) {
        Histogram all = lateMillis;
        if (all == null) {
            all = new Histogram(LATE_MILLIS_MAX, DIGITS);
            lateMillis = all;
        }
        all.recordValue(Math.min(millis, LATE_MILLIS_MAX));
        reads.addLate();
    }

    /** How many late reads were seen. */
    long lateSeen() {
        Histogram all = lateMillis;
        return all == null ? 0 : all.getTotalCount();
    }

    /** By how much the median of the late reads was late; 0 if there was none. */
    long lateMillisMedian() {
        Histogram all = lateMillis;
        return all == null ? 0 : all.getValueAtPercentile(50);
    }

    void halve() {
        reads.halve();
    }

    void clear() {
        reads.clear();
        lateMillis = null;
    }
}
