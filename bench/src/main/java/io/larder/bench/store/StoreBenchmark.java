package io.larder.bench.store;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What a get with its copy, or a set of an item that is there, costs one engine. {@link StoreRun}
 * runs it, one engine in a fork, two seconds of warm-up and three that count unless told otherwise.
 * A fork fails if a get missed or brought the wrong bytes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreBenchmark {
    private static final int SEED = 0x1A4DE4;

    /** How many of the loaded items are read back: one in so many. */
    private static final int CHECKED_STRIDE = 997;

    /** The engine with all items in it. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // by JMH, then by setUp
    public static class Loaded {
        @Param("larder")
        public EngineKind engine;

        @Param("1000000")
        public int items;

        Engine open;

        @Setup
        public void setUp() {
            open = engine.open(items);
            load();
            check();
        }

        private void load() {
            Engine.Session session = open.session();
            byte[] key = new byte[Items.KEY_BYTES];
            byte[] value = new byte[Items.VALUE_BYTES];
            for (int index = 0; index < items; index++) {
                Items.writeKey(index, key, 0);
                Items.writeValue(index, value);
                session.set(key, value);
            }
        }

        private void check() {
            long count = open.items();
            if (count != items) {
                throw new IllegalStateException("items: " + count + " (expected: " + items + ")");
            }
            Engine.Session session = open.session();
            byte[] key = new byte[Items.KEY_BYTES];
            byte[] target = new byte[Items.VALUE_BYTES];
            for (int index = 0; index < items; index += CHECKED_STRIDE) {
                Items.writeKey(index, key, 0);
                requireValue(index, session.get(key, target), target);
            }
        }

        @TearDown
        public void tearDown() {
            open.close();
        }
    }

    /** One calling thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // by JMH, then by setUp
    public static class Caller {
        @Param("uniform")
        public Distribution distribution;

        private final byte[] key = new byte[Items.KEY_BYTES];
        private final byte[] value = new byte[Items.VALUE_BYTES];
        private Probes probes;
        private Engine.Session session;
        private long misses;
        private boolean asked;

        @Setup
        public void setUp(Loaded loaded, ThreadParams thread) {
            probes = Probes.draw(distribution, loaded.items, SEED + thread.getThreadIndex());
            session = loaded.open.session();
        }

        private int get() {
            probes.next(key);
            int length = session.get(key, value);
            if (length != Items.VALUE_BYTES) {
                misses++;
            }
            asked = true;
            return length;
        }

        private void set() {
            probes.next(key);
            session.set(key, value);
        }

        @TearDown
        public void tearDown() {
            if (misses > 0) {
                throw new IllegalStateException("misses: " + misses + " (expected: 0)");
            }
            if (asked) {
                requireValue(probes.lastIndex(), Items.VALUE_BYTES, value);
            }
        }
    }

    /** Items that sets of present ones have driven out; to be 0. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Lost {
        public long lost;

        @TearDown(Level.Iteration)
        public void count(Loaded loaded) {
            lost = loaded.items - loaded.open.items();
        }
    }

    private static void requireValue(int index, int length, byte[] value) {
        byte[] expected = new byte[Items.VALUE_BYTES];
        Items.writeValue(index, expected);
        if (length != expected.length || !Arrays.equals(value, expected)) {
            throw new IllegalStateException("item " + index + ": not the value that was loaded");
        }
    }

    /** Finds an item and copies its value out. */
    @Benchmark
    public int get(Caller caller) {
        return caller.get();
    }

    /** Stores an item anew. */
    @Benchmark
    public void set(Caller caller, Lost lost) {
        caller.set();
    }
}
