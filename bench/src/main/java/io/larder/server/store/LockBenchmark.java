package io.larder.server.store;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to do about as much as a put under a lock: {@link ShardLock}, which spins and then
 * parks, or one of the JDK's. One thread alone, or several that want nothing else.
 *
 * <p>As much as a put: two dependent loads from a table that exceeds the inner caches, a copy of
 * 128 bytes to a place that moves on, and two stores.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LockBenchmark {
    private static final int TABLE_WORDS = 1 << 19;
    private static final int LOG_BYTES = 1 << 20;
    private static final int COPIED_BYTES = 128;
    private static final long SEED = 0x10C5L;

    /** The locks compared. */
    public enum Kind {
        /** The store's. */
        shard,
        /** {@link ReentrantLock}, not fair. */
        reentrant,
        /** {@link StampedLock}, its write lock. */
        stamped;

        Guard guard() {
            return switch (this) {
                case shard -> new ShardGuard();
                case reentrant -> new ReentrantGuard();
                case stamped -> new StampedGuard();
            };
        }
    }

    private interface Guard {
        void lock();

        void unlock();
    }

    private static final class ShardGuard implements Guard {
        private final ShardLock lock = new ShardLock();

        @Override
        public void lock() {
            lock.lock();
        }

        @Override
        public void unlock() {
            lock.unlock();
        }
    }

    private static final class ReentrantGuard implements Guard {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        public void lock() {
            lock.lock();
        }

        @Override
        public void unlock() {
            lock.unlock();
        }
    }

    private static final class StampedGuard implements Guard {
        private final StampedLock lock = new StampedLock();
        private long stamp; // guarded by the lock

        @Override
        public void lock() {
            stamp = lock.writeLock();
        }

        @Override
        public void unlock() {
            lock.unlockWrite(stamp);
        }
    }

    /** What the lock guards. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // by JMH, then by setUp
    public static class Guarded {
        @Param("shard")
        public Kind kind;

        private final long[] table = new long[TABLE_WORDS];
        private final byte[] log = new byte[LOG_BYTES];
        private int tail;
        private Guard guard;

        @Setup
        public void setUp() {
            guard = kind.guard();
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 0; i < TABLE_WORDS; i++) {
                table[i] = random.nextInt(TABLE_WORDS);
            }
        }

        private long put(int place, byte[] value) {
            guard.lock();
            try {
                int first = (int) table[place];
                long second = table[first];
                System.arraycopy(value, 0, log, tail, COPIED_BYTES);
                tail = (tail + COPIED_BYTES) & (LOG_BYTES - 1);
                table[first] = place;
                table[place] = first;
                return second;
            } finally {
                guard.unlock();
            }
        }
    }

    /** One thread. */
    @State(Scope.Thread)
    public static class Writer {
        private final byte[] value = new byte[COPIED_BYTES];
        private int place = System.identityHashCode(this) & (TABLE_WORDS - 1);

        private int next() {
            place = (place * 0x915F77F5 + 1) & (TABLE_WORDS - 1);
            return place;
        }
    }

    /** One critical section. */
    @Benchmark
    public long hold(Guarded guarded, Writer writer) {
        return guarded.put(writer.next(), writer.value);
    }
}
