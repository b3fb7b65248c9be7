package io.larder.bench.crash;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.server.LarderStore;
import io.larder.server.embedded.LarderMap;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.warm.WarmException;
import io.larder.server.warm.WarmSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A store in this process that is opened again and again in a file that was damaged in between:
 * bits flipped, the end cut off, in the file or in its manifest, after a clean stop or one that
 * left no manifest. Used once, by one thread.
 */
final class CorruptRun {
    private static final int WRITER = 0;
    private static final int KEYS = 4_000;
    private static final int OPERATIONS = 1_000;
    private static final int FLIPS_MAX = 64;
    private static final int DELETE_ONE_IN = 6;
    private static final String REGION = "corrupt";

    private final Path file;
    private final long memoryBytes;
    private final SplittableRandom random;
    private final CrashTally tally = new CrashTally();
    private final CrashKeys keys = new CrashKeys(WRITER, KEYS, tally);
    private final List<Throwable> errors = new ArrayList<>();
    private long writes;
    private long openNanosMax;
    private int warmStarts;
    private long damaged;

    /** What a run has come to. */
    record Outcome(
            CrashTally tally, int warmStarts, long damaged, long openMillisMax, int errors) {}

    CorruptRun(Path file, long memoryBytes, long seed) {
        this.file = file;
        this.memoryBytes = memoryBytes;
        this.random = new SplittableRandom(seed);
    }

    Outcome run(int cycles) throws IOException {
        for (int cycle = 0; cycle < cycles; cycle++) {
            live();
            damage();
            if (cycle % 50 == 49 || cycle == cycles - 1) {
                Progress.say(
                        "corrupt: %d of %d cycles, %d warm, %d values found, %d wrong",
                        cycle + 1,
                        cycles,
                        warmStarts,
                        tally.found.sum(),
                        tally.corrupt.sum() + tally.stale.sum() + tally.resurrected.sum());
            }
        }
        live();
        return new Outcome(
                tally,
                warmStarts,
                damaged,
                TimeUnit.NANOSECONDS.toMillis(openNanosMax),
                errors.size());
    }

    private void live() {
        long beginNanos = System.nanoTime();
        try (LarderStore store = open()) {
            openNanosMax = Math.max(openNanosMax, System.nanoTime() - beginNanos);
            var state = store.warmState();
            if (state != null && state.isWarm()) {
                warmStarts++;
                damaged += state.progress().damaged();
            }
            LarderMap map = store.map(REGION);
            check(map);
            write(map);
        } catch (WarmException e) {
            throw new BenchException("corrupt: " + e.getMessage(), e);
        }
    }

    private LarderStore open() throws WarmException {
        RegionTable regions = new RegionTable(space -> {});
        LarderStore store =
                LarderStore.open(
                        LarderStore.configOf(memoryBytes, 1),
                        1,
                        regions,
                        new Pushes(PushConfig.DEFAULT),
                        errors::add,
                        new WarmSettings(file, 0));
        store.attach();
        return store;
    }

    private void check(LarderMap map) {
        for (int key = 0; key < KEYS; key++) {
            byte[] value = map.get(CrashValue.keyOf(key));
            if (value == null) {
                keys.checkAbsent(key);
            } else {
                keys.check(key, value);
            }
        }
    }

    private void write(LarderMap map) {
        for (int i = 0; i < OPERATIONS; i++) {
            int key = random.nextInt(KEYS);
            if (random.nextInt(DELETE_ONE_IN) == 0) {
                map.remove(CrashValue.keyOf(key));
                keys.done(key, CrashKeys.ABSENT);
            } else {
                long write = ++writes;
                map.put(CrashValue.keyOf(key), CrashValue.of(WRITER, key, write));
                keys.done(key, write);
            }
        }
    }

    private void damage() throws IOException {
        Path manifest = file.resolveSibling(file.getFileName() + ".manifest");
        switch (random.nextInt(8)) {
            case 0 -> cut(file);
            case 1 -> cut(manifest);
            case 2 -> flip(manifest, Long.MAX_VALUE);
            case 3 -> flip(file, 1 << 20); // where all but the items is
            case 4, 5 -> flip(file, Long.MAX_VALUE);
            default -> {
                Files.delete(manifest);
                flip(file, Long.MAX_VALUE);
            }
        }
    }

    private void cut(Path path) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
            access.setLength(random.nextLong(access.length()));
        }
    }

    private void flip(Path path, long bytesMax) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
            long bound = Math.min(bytesMax, access.length());
            if (bound == 0) {
                throw new BenchException("corrupt: " + path + " is empty");
            }
            for (int flips = random.nextInt(FLIPS_MAX) + 1; flips > 0; flips--) {
                long at = random.nextLong(bound);
                access.seek(at);
                int old = access.read();
                access.seek(at);
                access.write(old ^ 1 << random.nextInt(Byte.SIZE));
            }
        }
    }
}
