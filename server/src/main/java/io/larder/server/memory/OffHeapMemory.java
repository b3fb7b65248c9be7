package io.larder.server.memory;

import static org.agrona.BufferUtil.ARRAY_BASE_OFFSET;

import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap, freed by a {@link Cleaner} when nothing can reach it any more, never
 * before: a late reader may see garbage but never a fault. Whoever takes long over it ends in
 * {@link java.lang.ref.Reference#reachabilityFence}.
 *
 * <p>Pages are the kernel's until first touched, so an arena costs resident memory only as it
 * fills.
 */
public final class OffHeapMemory extends Memory {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int HUGE_PAGE_BYTES = 2 << 20;
    private static final int PAGE_BYTES = 4096;

    /** Bytes moved between memory and a file at a time. */
    private static final int TRANSFER_BYTES = 64 << 20;

    private final long base;

    /** Whose memory this is a part of, or whose mapping: kept, so that it stays reachable. */
    @SuppressWarnings("UnusedVariable")
    private final @Nullable Object owner;

    private final boolean isMapped;

    private OffHeapMemory(long base, long bytes, @Nullable Object owner, boolean isMapped) {
        super(bytes);
        this.base = base;
        this.owner = owner;
        this.isMapped = isMapped;
    }

    /**
     * Memory at an address that {@code owner} keeps mapped to a file while it can be reached; on
     * huge pages where the file system gives them on request.
     */
    static OffHeapMemory mapped(long address, long bytes, Object owner) {
        if (bytes >= HUGE_PAGE_BYTES) {
            PageAdvice.useHugePages(address, bytes);
        }
        return new OffHeapMemory(address, bytes, owner, true);
    }

    /**
     * Allocates {@code bytes} bytes of unspecified content, aligned to a page; on huge pages where
     * the system gives them and the Java runtime can ask for them.
     *
     * @throws OutOfMemoryError when the system refuses
     */
    public static OffHeapMemory allocate(long bytes) {
        long block = UnsafeApi.allocateMemory(bytes + PAGE_BYTES);
        long base = (block + PAGE_BYTES - 1) & -PAGE_BYTES;
        if (bytes >= HUGE_PAGE_BYTES) {
            PageAdvice.useHugePages(base, bytes);
        }
        OffHeapMemory memory = new OffHeapMemory(base, bytes, null, false);
        CLEANER.register(memory, () -> UnsafeApi.freeMemory(block));
        return memory;
    }

    /** A part of this memory, addressed from 0; the whole lives at least as long. */
    public OffHeapMemory slice(long position, long length) {
        if (!inside(position, length)) {
            throw new IndexOutOfBoundsException(
                    "position: "
                            + position
                            + ", length: "
                            + length
                            + " (expected: inside 0.."
                            + bytes()
                            + ")");
        }
        return new OffHeapMemory(base + position, length, this, isMapped);
    }

    @Override
    public long getLong(long position) {
        assert inside(position, 8) : position;
        return UnsafeApi.getLong(base + position);
    }

    @Override
    public long getLongOpaque(long position) {
        assert inside(position, 8) : position;
        return UnsafeApi.getLongOpaque(null, base + position);
    }

    @Override
    public long getLongAcquire(long position) {
        assert inside(position, 8) : position;
        return UnsafeApi.getLongAcquire(null, base + position);
    }

    @Override
    public void putLong(long position, long value) {
        assert inside(position, 8) : position;
        UnsafeApi.putLong(base + position, value);
    }

    @Override
    public void putLongRelease(long position, long value) {
        assert inside(position, 8) : position;
        UnsafeApi.putLongRelease(null, base + position, value);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        assert inside(position, 8) : position;
        return UnsafeApi.compareAndSetLong(null, base + position, expected, value);
    }

    @Override
    public int getInt(long position) {
        assert inside(position, 4) : position;
        return UnsafeApi.getInt(base + position);
    }

    @Override
    public void putInt(long position, int value) {
        assert inside(position, 4) : position;
        UnsafeApi.putInt(base + position, value);
    }

    @Override
    public byte getByte(long position) {
        assert inside(position, 1) : position;
        return UnsafeApi.getByte(base + position);
    }

    @Override
    public boolean equalTo(long position, Slice slice) {
        int length = slice.length();
        assert inside(position, length) : position;
        long address = base + position;
        int index = 0;
        for (int end = length - 7; index < end; index += 8) {
            if (UnsafeApi.getLong(address + index) != slice.getLong(index)) {
                return false;
            }
        }
        for (; index < length; index++) {
            if (UnsafeApi.getByte(address + index) != slice.getByte(index)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void copyIn(long position, Slice source) {
        assert inside(position, source.length()) : position;
        if (source.isNative()) {
            UnsafeApi.copyMemory(source.start(), base + position, source.length());
        } else {
            UnsafeApi.copyMemory(
                    source.array(),
                    ARRAY_BASE_OFFSET + source.start(),
                    null,
                    base + position,
                    source.length());
        }
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        assert inside(position, length) && targetOffset + length <= target.length : position;
        UnsafeApi.copyMemory(
                null, base + position, target, ARRAY_BASE_OFFSET + (long) targetOffset, length);
    }

    @Override
    public void copyOut(long position, long target, int length) {
        assert inside(position, length) : position;
        UnsafeApi.copyMemory(base + position, target, length);
    }

    @Override
    public void copy(long source, long target, long length) {
        assert inside(source, length) && inside(target, length) : source;
        UnsafeApi.copyMemory(base + source, base + target, length);
    }

    @Override
    public void zero(long position, long length) {
        assert inside(position, length) : position;
        UnsafeApi.setMemory(base + position, length, (byte) 0);
    }

    @Override
    public Slice wrap(long position, int length, Slice slice) {
        assert inside(position, length) : position;
        return slice.wrapAddress(base + position, length);
    }

    @Override
    public Checksum newChecksum() {
        return new Checksum.OverNative(this);
    }

    /** A buffer over a part of this memory, which is to be kept reachable beside it. */
    ByteBuffer view(long position, long length) {
        assert inside(position, length) : position;
        return FileMapping.Views.of(base + position, Math.toIntExact(length));
    }

    /** Writes all of it to a file, from its beginning. */
    public void save(FileChannel channel) throws IOException {
        try {
            for (long at = 0; at < bytes(); ) {
                at += channel.write(view(at, Math.min(TRANSFER_BYTES, bytes() - at)), at);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads all of it from a file, from its beginning.
     *
     * @throws EOFException if that is shorter
     */
    public void load(FileChannel channel) throws IOException {
        try {
            for (long at = 0; at < bytes(); ) {
                int count = channel.read(view(at, Math.min(TRANSFER_BYTES, bytes() - at)), at);
                if (count < 0) {
                    throw new EOFException("the file ends at " + at);
                }
                at += count;
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Never of a mapped file: its bytes would have to be had anew, and might not be. */
    @Override
    public boolean givesPagesBack() {
        return !isMapped && PageAdvice.isAvailable();
    }

    @Override
    public void discard(long position, long length) {
        assert inside(position, length) : position;
        if (isMapped) {
            return;
        }
        long pageMask = -(long) UnsafeApi.pageSize();
        long start = (base + position - 1 & pageMask) - pageMask;
        long end = base + position + length & pageMask;
        if (start < end) {
            PageAdvice.drop(start, end - start);
        }
    }
}
