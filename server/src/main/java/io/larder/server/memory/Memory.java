package io.larder.server.memory;

import java.lang.invoke.VarHandle;

/**
 * The one seam that dereferences: a fixed number of bytes, addressed from 0, with the access modes
 * the store's protocol needs. What they hold at first is unspecified: whoever takes some clears it.
 *
 * <p>{@link OffHeapMemory} is what a server runs on; {@link HeapMemory} is its twin over a {@code
 * long[]}, which a model checker can instrument. Any thread may call anything; the method's name
 * says the ordering, as in {@link VarHandle}. Words are eight bytes and aligned unless stated; byte
 * order inside a word is the machine's. A position outside the memory is a programmer's error: it
 * is caught by assertions only, since a reader checks the lengths it found before it uses them.
 */
public abstract class Memory {
    /** Bytes of a word. */
    public static final int WORD_BYTES = 8;

    private final long bytes;

    Memory(long bytes) {
        this.bytes = bytes;
    }

    /** Size in bytes. */
    public final long bytes() {
        return bytes;
    }

    /** Plain load of an aligned word. */
    public abstract long getLong(long position);

    /** Opaque load: coherent, never torn, orders nothing else. */
    public abstract long getLongOpaque(long position);

    /** Acquire load: nothing after it is done before it. */
    public abstract long getLongAcquire(long position);

    /** Plain store of an aligned word. */
    public abstract void putLong(long position, long value);

    /** Release store: everything before it is visible to whoever acquires this value. */
    public abstract void putLongRelease(long position, long value);

    /** Atomic compare and set with volatile ordering; says whether it was done. */
    public abstract boolean compareAndSetLong(long position, long expected, long value);

    /** Plain load of four bytes, aligned to four. */
    public abstract int getInt(long position);

    /** Plain store of four bytes, aligned to four. */
    public abstract void putInt(long position, int value);

    /** Plain load of one byte. */
    public abstract byte getByte(long position);

    /** Whether the bytes at {@code position} equal those of {@code slice}. */
    public abstract boolean equalTo(long position, Slice slice);

    /** Stores all bytes of {@code source} at {@code position}. */
    public abstract void copyIn(long position, Slice source);

    /** Copies {@code length} bytes at {@code position} into {@code target}. */
    public abstract void copyOut(long position, byte[] target, int targetOffset, int length);

    /** Copies {@code length} bytes at {@code position} to the native address {@code target}. */
    public abstract void copyOut(long position, long target, int length);

    /** Copies {@code length} bytes inside this memory; the places do not overlap. */
    public abstract void copy(long source, long target, long length);

    /** Sets {@code length} bytes, a multiple of eight, to zero. */
    public abstract void zero(long position, long length);

    /** Makes {@code slice} show {@code length} bytes of this memory (or a copy, on the twin). */
    public abstract Slice wrap(long position, int length, Slice slice);

    /** Sums up parts of this memory, for one thread. */
    public Checksum newChecksum() {
        return new Checksum.OverCopies(this);
    }

    /** Loads before this are done before loads and stores after it. */
    public void loadFence() {
        VarHandle.acquireFence();
    }

    /** Loads and stores before this are done before stores after it. */
    public void storeFence() {
        VarHandle.releaseFence();
    }

    /**
     * Brings the lines from {@code position} on towards the cache, of 64 bytes each, as far as
     * there are so many; the result keeps the loads alive.
     */
    public final int touch(long position, int lines) {
        int touched = getByte(position);
        long end = Math.min(bytes, position + ((long) lines << 6));
        for (long at = position + 64; at < end; at += 64) {
            touched += getByte(at);
        }
        return touched;
    }

    final boolean inside(long position, long length) {
        return position >= 0 && length >= 0 && position + length <= bytes;
    }

    /** Whether {@link #discard} gives anything back to the system. */
    public boolean givesPagesBack() {
        return false;
    }

    /**
     * Gives the pages wholly inside {@code length} bytes back to the system, if there is a way to;
     * they hold something unspecified then. Nobody may be using them but readers that can tell.
     */
    public void discard(long position, long length) {}
}
