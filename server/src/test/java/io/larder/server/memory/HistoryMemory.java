package io.larder.server.memory;

import io.larder.server.memory.History.Access;
import java.util.Arrays;

/**
 * Memory whose every store goes into a {@link History} and whose loads, once a reader runs, come
 * out of it. Bulk operations are done word by word.
 */
public final class HistoryMemory extends Memory {
    private final History history;
    private final int firstLocation;

    private HistoryMemory(History history, long bytes) {
        super(bytes);
        this.history = history;
        this.firstLocation = history.allocate(Math.toIntExact(bytes / WORD_BYTES));
    }

    /** Allocates {@code bytes} zeroed bytes, a multiple of eight. */
    public static HistoryMemory allocate(History history, long bytes) {
        return new HistoryMemory(history, bytes);
    }

    /** Where the stores go. */
    public History history() {
        return history;
    }

    @Override
    public long getLong(long position) {
        return history.load(location(position), Access.PLAIN);
    }

    @Override
    public long getLongOpaque(long position) {
        return history.load(location(position), Access.OPAQUE);
    }

    @Override
    public long getLongAcquire(long position) {
        return history.load(location(position), Access.ACQUIRE);
    }

    @Override
    public void putLong(long position, long value) {
        history.store(location(position), value, false);
    }

    @Override
    public void putLongRelease(long position, long value) {
        history.store(location(position), value, true);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        if (history.load(location(position), Access.ACQUIRE) != expected) {
            return false;
        }
        history.store(location(position), value, true);
        return true;
    }

    @Override
    public int getInt(long position) {
        return (int) (word(position) >>> shift(position));
    }

    @Override
    public void putInt(long position, int value) {
        put(position, (value & 0xFFFF_FFFFL) << shift(position), 0xFFFF_FFFFL << shift(position));
    }

    @Override
    public byte getByte(long position) {
        return (byte) (word(position) >>> shift(position));
    }

    @Override
    public boolean equalTo(long position, Slice slice) {
        byte[] bytes = new byte[slice.length()];
        copyOut(position, bytes, 0, bytes.length);
        return Arrays.equals(bytes, slice.toByteArray());
    }

    @Override
    public void copyIn(long position, Slice source) {
        long bits = 0;
        long mask = 0;
        for (int i = 0; i < source.length(); i++) {
            long at = position + i;
            bits |= (source.getByte(i) & 0xFFL) << shift(at);
            mask |= 0xFFL << shift(at);
            if (i == source.length() - 1 || (at + 1 & 7) == 0) {
                put(at, bits, mask);
                bits = 0;
                mask = 0;
            }
        }
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            if (i == 0 || (position + i & 7) == 0) {
                word = word(position + i);
            }
            target[targetOffset + i] = (byte) (word >>> shift(position + i));
        }
    }

    @Override
    public void copyOut(long position, long target, int length) {
        throw new UnsupportedOperationException("no native side");
    }

    @Override
    public void copy(long source, long target, long length) {
        byte[] bytes = new byte[Math.toIntExact(length)];
        copyOut(source, bytes, 0, bytes.length);
        copyIn(target, Slice.of(bytes));
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

    @Override
    public void loadFence() {
        history.acquireFence();
    }

    @Override
    public void storeFence() {
        history.releaseFence();
    }

    private long word(long position) {
        return getLong(position & -8L);
    }

    private void put(long position, long bits, long mask) {
        putLong(position & -8L, word(position) & ~mask | bits);
    }

    private int location(long position) {
        assert (position & 7) == 0 && inside(position, WORD_BYTES) : position;
        return firstLocation + (int) (position >>> 3);
    }

    private static int shift(long position) {
        return (int) (position & 7) << 3;
    }
}
