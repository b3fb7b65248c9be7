package io.larder.client.net;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The judgement whether a connection is still good, asked now and then while something is
 * unanswered. TCP alone takes many minutes to notice that the other side is gone. One thread: the
 * event loop.
 */
final class SilenceWatch {
    private static final int ABANDONED_MAX_MIN = 16; // below it, silence is what decides

    private final long silenceMillis;
    private final long silenceNanos;
    private long lastHeardNanos;

    /**
     * @param silenceMillis how long a server may say nothing to what it is asked
     */
    SilenceWatch(long silenceMillis) {
        this.silenceMillis = silenceMillis;
        this.silenceNanos = TimeUnit.MILLISECONDS.toNanos(silenceMillis);
    }

    /** Begins to watch, after nobody has for some time. */
    void begin(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    /** Null, or why the connection is to be given up. */
    @Nullable String verdict(Connection connection, PendingRequests pending, long nowNanos) {
        if (connection.hasReadSinceAsked() || pending.unanswered() == 0) {
            lastHeardNanos = nowNanos;
        }
        if (nowNanos - lastHeardNanos > silenceNanos) {
            return "silent for " + silenceMillis + " ms";
        }
        if (connection.isReplyOverdue(nowNanos, silenceNanos)) {
            return "a reply begun and not ended for " + silenceMillis + " ms";
        }
        int window = Math.min(pending.capacity(), connection.limits().windowRequests());
        if (pending.abandoned() > Math.max(ABANDONED_MAX_MIN, window / 2)) {
            return pending.abandoned() + " requests were never answered";
        }
        return null;
    }
}
