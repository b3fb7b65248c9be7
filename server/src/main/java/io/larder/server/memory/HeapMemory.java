package io.larder.server.memory;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The twin of {@link OffHeapMemory} over an {@link AtomicLongArray}, for checkers that instrument
 * the heap and cannot see beyond it. Slow by design: bytes are put together from words, so that
 * every shared access is one the checker knows.
 */
public final class HeapMemory extends Memory {
    private final AtomicLongArray words;

    private HeapMemory(long bytes) {
        super(bytes);
        this.words = new AtomicLongArray(Math.toIntExact(bytes / WORD_BYTES));
    }

    /** Allocates {@code bytes} zeroed bytes, a multiple of eight. */
    public static HeapMemory allocate(long bytes) {
        return new HeapMemory(bytes);
    }

    @Override
    public long getLong(long position) {
        return words.getPlain(wordIndex(position));
    }

    @Override
    public long getLongOpaque(long position) {
        return words.getOpaque(wordIndex(position));
    }

    @Override
    public long getLongAcquire(long position) {
        return words.getAcquire(wordIndex(position));
    }

    @Override
    public void putLong(long position, long value) {
        words.setPlain(wordIndex(position), value);
    }

    @Override
    public void putLongRelease(long position, long value) {
        words.setRelease(wordIndex(position), value);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        return words.compareAndSet(wordIndex(position), expected, value);
    }

    @Override
    public int getInt(long position) {
        assert (position & 3) == 0 : position;
        return (int) (getLong(position & -8L) >>> shift(position));
    }

    @Override
    public void putInt(long position, int value) {
        assert (position & 3) == 0 : position;
        long word = getLong(position & -8L);
        long mask = 0xFFFF_FFFFL << shift(position);
        putLong(position & -8L, (word & ~mask) | (value & 0xFFFF_FFFFL) << shift(position));
    }

    @Override
    public byte getByte(long position) {
        return (byte) (getLong(position & -8L) >>> shift(position));
    }

    @Override
    public boolean equalTo(long position, Slice slice) {
        for (int i = 0; i < slice.length(); i++) {
            if (getByte(position + i) != slice.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void copyIn(long position, Slice source) {
        for (int i = 0; i < source.length(); i++) {
            putByte(position + i, source.getByte(i));
        }
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        for (int i = 0; i < length; i++) {
            target[targetOffset + i] = getByte(position + i);
        }
    }

    @Override
    public void copyOut(long position, long target, int length) {
        throw new UnsupportedOperationException("the heap twin has no native side");
    }

    @Override
    public void copy(long source, long target, long length) {
        if (((source | target | length) & 7) != 0) {
            for (long i = 0; i < length; i++) {
                putByte(target + i, getByte(source + i));
            }
            return;
        }
        for (long i = 0; i < length; i += WORD_BYTES) {
            putLong(target + i, getLong(source + i));
        }
    }

    @Override
    public void zero(long position, long length) {
        for (long i = 0; i < length; i += WORD_BYTES) {
            putLong(position + i, 0);
        }
    }

    @Override
    public Slice wrap(long position, int length, Slice slice) {
        byte[] copy = new byte[length];
        copyOut(position, copy, 0, length);
        return slice.wrap(copy, 0, length);
    }

    private void putByte(long position, byte value) {
        long word = getLong(position & -8L);
        long mask = 0xFFL << shift(position);
        putLong(position & -8L, (word & ~mask) | (value & 0xFFL) << shift(position));
    }

    private int wordIndex(long position) {
        assert (position & 7) == 0 && inside(position, WORD_BYTES) : position;
        return (int) (position >>> 3);
    }

    private static int shift(long position) {
        return (int) (position & 7) << 3;
    }
}
