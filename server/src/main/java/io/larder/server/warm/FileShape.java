package io.larder.server.warm;

import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreMemory;
import java.util.function.LongFunction;

/**
 * Where the parts of a store's file lie. Immutable.
 *
 * <pre>
 *   0        4096     8192      + 128 KiB                                    page of 2 MiB
 *  +--------+--------+---------+--------------------+------------+-----------+--------------+
 *  | header | time   | regions | versions, floors   | chains     | segments  | arena        |
 *  +--------+--------+---------+--------------------+------------+-----------+--------------+
 * </pre>
 */
final class FileShape {
    static final int HEADER_BYTES = 4096;

    private static final int CLOCK_OFFSET = HEADER_BYTES;
    private static final int REGIONS_OFFSET = 2 * HEADER_BYTES;
    private static final int PARTS_OFFSET = REGIONS_OFFSET + RegionWords.BYTES;
    private static final long ARENA_ALIGNMENT = 2L << 20;
    private static final int LINE_BYTES = 64;

    private final long[] partBytes;

    /** Where the arena begins. */
    final long arenaOffset;

    /** Bytes of the whole file. */
    final long bytes;

    FileShape(StoreConfig config) {
        partBytes = StoreMemory.partBytes(config);
        long end = PARTS_OFFSET;
        for (int part = 0; part < partBytes.length - 1; part++) {
            end = up(end + partBytes[part], LINE_BYTES);
        }
        arenaOffset = up(end, ARENA_ALIGNMENT);
        bytes = arenaOffset + partBytes[partBytes.length - 1];
    }

    Memory clock(OffHeapMemory file) {
        return file.slice(CLOCK_OFFSET, WarmClock.BYTES);
    }

    Memory regions(OffHeapMemory file) {
        return file.slice(REGIONS_OFFSET, RegionWords.BYTES);
    }

    /** Hands out the store's parts in their order. */
    LongFunction<Memory> parts(OffHeapMemory file) {
        long[] next = {PARTS_OFFSET, 0};
        return asked -> {
            int part = (int) next[1]++;
            if (asked != partBytes[part]) {
                throw new IllegalStateException(
                        "part " + part + ": " + asked + " (expected: " + partBytes[part] + ")");
            }
            boolean isArena = part == partBytes.length - 1;
            long at = isArena ? arenaOffset : next[0];
            next[0] = up(at + asked, LINE_BYTES);
            return file.slice(at, asked);
        };
    }

    private static long up(long value, long alignment) {
        return (value + alignment - 1) & -alignment;
    }
}
