package io.larder.server.memory;

import java.util.function.LongFunction;

/**
 * Memory that runs something at a chosen access, before it is done: what another thread did while
 * the one that accesses was held up there. A bulk operation is one access.
 */
public final class PausingMemory extends Memory {
    /** Counts the accesses of all memories it made; for one thread. */
    public static final class Pause {
        private long left = Long.MAX_VALUE;
        private Runnable meanwhile = () -> {};

        /** Makes memory that pauses here. */
        public LongFunction<Memory> allocator() {
            return bytes -> new PausingMemory(this, bytes);
        }

        /** Runs {@code whatHappens} before the access after the next {@code accesses}. */
        public void after(long accesses, Runnable whatHappens) {
            left = accesses;
            meanwhile = whatHappens;
        }

        /** No access pauses any more; says whether one would have. */
        public boolean cancel() {
            boolean waiting = left != Long.MAX_VALUE;
            left = Long.MAX_VALUE;
            return waiting;
        }

        private void access() {
            if (left != Long.MAX_VALUE && left-- == 0) {
                left = Long.MAX_VALUE;
                meanwhile.run();
            }
        }
    }

    private final Pause pause;
    private final HeapMemory memory;

    private PausingMemory(Pause pause, long bytes) {
        super(bytes);
        this.pause = pause;
        this.memory = HeapMemory.allocate(bytes);
    }

    @Override
    public long getLong(long position) {
        pause.access();
        return memory.getLong(position);
    }

    @Override
    public long getLongOpaque(long position) {
        pause.access();
        return memory.getLongOpaque(position);
    }

    @Override
    public long getLongAcquire(long position) {
        pause.access();
        return memory.getLongAcquire(position);
    }

    @Override
    public void putLong(long position, long value) {
        pause.access();
        memory.putLong(position, value);
    }

    @Override
    public void putLongRelease(long position, long value) {
        pause.access();
        memory.putLongRelease(position, value);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        pause.access();
        return memory.compareAndSetLong(position, expected, value);
    }

    @Override
    public int getInt(long position) {
        pause.access();
        return memory.getInt(position);
    }

    @Override
    public void putInt(long position, int value) {
        pause.access();
        memory.putInt(position, value);
    }

    @Override
    public byte getByte(long position) {
        pause.access();
        return memory.getByte(position);
    }

    @Override
    public boolean equalTo(long position, Slice slice) {
        pause.access();
        return memory.equalTo(position, slice);
    }

    @Override
    public void copyIn(long position, Slice source) {
        pause.access();
        memory.copyIn(position, source);
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        pause.access();
        memory.copyOut(position, target, targetOffset, length);
    }

    @Override
    public void copyOut(long position, long target, int length) {
        pause.access();
        memory.copyOut(position, target, length);
    }

    @Override
    public void copy(long source, long target, long length) {
        pause.access();
        memory.copy(source, target, length);
    }

    @Override
    public void zero(long position, long length) {
        pause.access();
        memory.zero(position, length);
    }

    @Override
    public Slice wrap(long position, int length, Slice slice) {
        pause.access();
        return memory.wrap(position, length, slice);
    }
}
