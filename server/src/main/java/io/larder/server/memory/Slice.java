package io.larder.server.memory;

import static org.agrona.BufferUtil.ARRAY_BASE_OFFSET;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * A flyweight over bytes that belong to a caller: a part of a {@code byte[]} or of native memory,
 * such as the key of a request still lying in the connection's buffer.
 *
 * <p>Not safe for several threads, owns nothing, and is valid only as long as what it wraps.
 * Indexes and lengths are bytes; an index is not checked against the length outside of assertions,
 * since every length was checked at the border.
 */
public final class Slice {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final byte[] NATIVE = new byte[0];

    private byte[] array = NATIVE;
    private long start;
    private int length;

    /** Wraps the whole of an array. */
    public static Slice of(byte[] array) {
        return new Slice().wrap(array, 0, array.length);
    }

    /** Wraps {@code length} bytes of {@code array} from {@code offset}. */
    public Slice wrap(byte[] array, int offset, int length) {
        if ((offset | length) < 0 || length > array.length - offset) {
            throw new IndexOutOfBoundsException(
                    "offset: "
                            + offset
                            + ", length: "
                            + length
                            + " (expected: inside 0.."
                            + array.length
                            + ")");
        }
        this.array = array;
        this.start = offset;
        this.length = length;
        return this;
    }

    /**
     * Wraps {@code length} bytes of native memory at {@code address}; the caller vouches for them.
     */
    public Slice wrapAddress(long address, int length) {
        this.array = NATIVE;
        this.start = address;
        this.length = length;
        return this;
    }

    /** Wraps {@code length} bytes of {@code other} from {@code offset}. */
    public Slice wrap(Slice other, int offset, int length) {
        assert (offset | length) >= 0 && length <= other.length - offset : offset;
        this.array = other.array;
        this.start = other.start + offset;
        this.length = length;
        return this;
    }

    /** Copies {@code length} bytes of {@code array} to native memory; the caller vouches for it. */
    public static void copy(byte[] array, int offset, long targetAddress, int length) {
        assert (offset | length) >= 0 && length <= array.length - offset : offset;
        UnsafeApi.copyMemory(array, ARRAY_BASE_OFFSET + offset, null, targetAddress, length);
    }

    /** Length in bytes. */
    public int length() {
        return length;
    }

    /** The byte at {@code index}. */
    public byte getByte(int index) {
        assert index >= 0 && index < length : index;
        return array == NATIVE ? UnsafeApi.getByte(start + index) : array[(int) start + index];
    }

    /** Whether these bytes are, or begin with, those of {@code prefix}. */
    public boolean startsWith(byte[] prefix) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (getByte(i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** Eight bytes from {@code index} in native order; they need not be aligned. */
    public long getLong(int index) {
        assert index >= 0 && index + 8 <= length : index;
        return array == NATIVE
                ? UnsafeApi.getLong(start + index)
                : (long) LONGS.get(array, (int) start + index);
    }

    /** The bytes from {@code index} to the end, at most seven, as the low bytes of a long. */
    public long getTail(int index) {
        long tail = 0;
        for (int i = length - 1; i >= index; i--) {
            tail = tail << 8 | (getByte(i) & 0xFFL);
        }
        return tail;
    }

    /** Whether the bytes lie in native memory. */
    boolean isNative() {
        return array == NATIVE;
    }

    /** The native address, or the offset in {@link #array()}. */
    long start() {
        return start;
    }

    /** The array, meaningful only where {@link #isNative()} is false. */
    byte[] array() {
        return array;
    }

    /** Copies all bytes to {@code target}, which has room for them from {@code targetOffset}. */
    public void copyTo(byte[] target, int targetOffset) {
        if (array != NATIVE) {
            System.arraycopy(array, (int) start, target, targetOffset, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            target[targetOffset + i] = getByte(i);
        }
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        byte[] copy = new byte[length];
        copyTo(copy, 0);
        return copy;
    }
}
