package io.larder.bench.stall;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A writer of a few keys, and a reader of them through a near cache, each on a thread of its own:
 * how old what is read may be, and how long copies are served of a server that is silent. Any
 * thread may ask for the counts.
 */
final class NearWatch {
    private static final int KEYS = 16;
    private static final int WRITES_MAX = 1 << 20;
    private static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long READ_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final BytesCache direct;
    private final BytesCache near;
    private final long boundNanos;

    /** When each write was answered, 0 if it was not; write i is of key i mod KEYS. */
    private final AtomicLongArray answerNanos = new AtomicLongArray(WRITES_MAX);

    private volatile int written; // by the writer only
    private volatile long reads; // by the reader only
    private volatile long stale; // so
    private volatile long servedNanos; // so: when the last read began that was served
    private volatile boolean isOver;

    NearWatch(BytesCache direct, BytesCache near, long boundNanos) {
        this.direct = direct;
        this.near = near;
        this.boundNanos = boundNanos;
    }

    private static byte[] key(int write) {
        return ("near-" + write % KEYS).getBytes(US_ASCII);
    }

    void write() {
        for (int write = 0; !isOver && write < WRITES_MAX; write++) {
            written = write + 1;
            try {
                direct.put(key(write), Integer.toString(write).getBytes(US_ASCII));
                answerNanos.set(write, System.nanoTime());
            } catch (LarderException e) {
                // it may have been done: its number is judged by nobody
            }
            LockSupport.parkNanos(WRITE_NANOS);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by this thread only
    void read() {
        for (int next = 0; !isOver; next++) {
            long beganNanos = System.nanoTime();
            try {
                Optional<byte[]> found = near.get(key(next));
                servedNanos = beganNanos;
                reads++;
                if (found.isPresent() && isStale(found.get(), beganNanos)) {
                    stale++;
                }
            } catch (LarderException e) {
                // no copy that may be served, and no answer
            }
            LockSupport.parkNanos(READ_NANOS);
        }
    }

    /** Whether a later write of the key had been answered for longer than the bound by then. */
    private boolean isStale(byte[] value, long readNanos) {
        int read = Integer.parseInt(new String(value, US_ASCII));
        if (answerNanos.get(read) == 0) {
            return false;
        }
        for (int later = read + KEYS; later < written; later += KEYS) {
            long answered = answerNanos.get(later);
            if (answered != 0 && readNanos - answered > boundNanos) {
                return true;
            }
        }
        return false;
    }

    void end() {
        isOver = true;
    }

    long reads() {
        return reads;
    }

    long stale() {
        return stale;
    }

    /** When the last read began that was served. */
    long servedNanos() {
        return servedNanos;
    }
}
