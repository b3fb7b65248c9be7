package io.larder.server.metrics;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorConsumer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors that reached the last line of defence: each is counted, and each distinct one (by its
 * class and stack trace) is kept once, with how often it came, and logged once. A handler that
 * fails for every request cannot flood the log.
 *
 * <p>Any thread may call anything; {@link #record} locks, since errors are not a hot path.
 *
 * <p>Bound: {@link #LOG_BYTES} of distinct errors; one that finds no room there is counted only,
 * and the first such is said once in the log.
 */
public final class UncaughtErrors {
    /** Bytes for all distinct errors and their stack traces. */
    public static final int LOG_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(UncaughtErrors.class);

    private final AtomicLong count = new AtomicLong();
    private final DistinctErrorLog log =
            new DistinctErrorLog(
                    new UnsafeBuffer(ByteBuffer.allocateDirect(LOG_BYTES)),
                    System::currentTimeMillis);
    private int logEndOffset; // guarded by this
    private boolean logFull; // guarded by this

    /**
     * Takes an error that nobody handled.
     *
     * <p>Locking: this object's monitor, for the time it takes to write one record.
     */
    public void record(Throwable error) {
        count.incrementAndGet();
        if (isNews(error)) {
            LOG.error("uncaught error, logged this once and counted from now on", error);
        }
    }

    private synchronized boolean isNews(Throwable error) {
        if (!log.record(error)) {
            boolean first = !logFull;
            logFull = true;
            return first;
        }
        int before = logEndOffset;
        AtomicBuffer buffer = log.buffer();
        int length;
        while (logEndOffset < LOG_BYTES
                && (length = buffer.getInt(logEndOffset + DistinctErrorLog.LENGTH_OFFSET)) != 0) {
            logEndOffset += BitUtil.align(length, DistinctErrorLog.RECORD_ALIGNMENT);
        }
        return logEndOffset > before;
    }

    /** How many errors were taken. */
    public long count() {
        return count.get();
    }

    /**
     * Hands over each distinct error: how often, first and last Unix milliseconds, its stack trace.
     * Returns how many there are.
     */
    public int forEach(ErrorConsumer consumer) {
        return ErrorLogReader.read(log.buffer(), consumer);
    }
}
