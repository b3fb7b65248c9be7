package io.larder.server.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A {@code byte[]} as memory: for an item that lies outside the arena, so that whoever knows an
 * item's bytes can look at it. It is not shared while it changes: all loads and stores are plain.
 */
public final class ArrayMemory extends Memory {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final byte[] bytes;

    /** Wraps a whole array, which is not copied. */
    public ArrayMemory(byte[] bytes) {
        super(bytes.length);
        this.bytes = bytes;
    }

    @Override
    public long getLong(long position) {
        return (long) LONGS.get(bytes, (int) position);
    }

    @Override
    public long getLongOpaque(long position) {
        return getLong(position);
    }

    @Override
    public long getLongAcquire(long position) {
        return getLong(position);
    }

    @Override
    public void putLong(long position, long value) {
        LONGS.set(bytes, (int) position, value);
    }

    @Override
    public void putLongRelease(long position, long value) {
        putLong(position, value);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        throw new UnsupportedOperationException("an array that is memory is not shared");
    }

    @Override
    public int getInt(long position) {
        return (int) INTS.get(bytes, (int) position);
    }

    @Override
    public void putInt(long position, int value) {
        INTS.set(bytes, (int) position, value);
    }

    @Override
    public byte getByte(long position) {
        return bytes[(int) position];
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
        source.copyTo(bytes, (int) position);
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        System.arraycopy(bytes, (int) position, target, targetOffset, length);
    }

    @Override
    public void copyOut(long position, long target, int length) {
        Slice.copy(bytes, (int) position, target, length);
    }

    @Override
    public void copy(long source, long target, long length) {
        System.arraycopy(bytes, (int) source, bytes, (int) target, (int) length);
    }

    @Override
    public void zero(long position, long length) {
        Arrays.fill(bytes, (int) position, (int) (position + length), (byte) 0);
    }

    @Override
    public Slice wrap(long position, int length, Slice slice) {
        return slice.wrap(bytes, (int) position, length);
    }
}
