package io.larder.bench.jcstress;

import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Off-heap memory for the states of a stress test: one block per JVM, handed out in turn and over
 * again. A block of its own for each of the millions of states would drown the test in allocation.
 * Any thread may claim; never freed, since the JVM is the test's own.
 *
 * <p>jcstress keeps some ten thousand states alive at a time, and the block holds {@link
 * #BLOCK_BYTES} / {@link #LINE_BYTES} lines, so a line comes round long after its state is gone.
 */
final class StressMemory {
    /** A claim begins on a line of its own, so that two states never share one. */
    static final int LINE_BYTES = 64;

    private static final long BLOCK_BYTES = 64L << 20;
    private static final OffHeapMemory MEMORY = OffHeapMemory.allocate(BLOCK_BYTES);
    private static final AtomicLong CLAIMED_BYTES = new AtomicLong();

    private StressMemory() {}

    static Memory memory() {
        return MEMORY;
    }

    /** Zeroes {@code lines} lines that no other live state has, and returns their position. */
    static long claimZeroed(int lines) {
        long bytes = (long) lines * LINE_BYTES;
        long position;
        do {
            position = CLAIMED_BYTES.getAndAdd(bytes) % BLOCK_BYTES;
        } while (position + bytes > BLOCK_BYTES);
        MEMORY.zero(position, bytes);
        return position;
    }
}
