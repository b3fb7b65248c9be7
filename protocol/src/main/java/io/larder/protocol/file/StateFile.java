package io.larder.protocol.file;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The small file beside a persistent region's map that holds its {@link RegionState}. One process
 * writes, any number read, each as it likes.
 *
 * <p>The writer: one thread at a time. Readers: any thread. It closes what it opened.
 */
public final class StateFile implements AutoCloseable {
    /*
     *   0        8            12          4096              4096 + 262144... (two slots in all)
     *  +--------+------------+-----------+-----------------+-----------------+
     *  | magic  | format u32 | 0         | slot 0          | slot 1          |
     *  +--------+------------+-----------+-----------------+-----------------+
     *   a slot: sequence u64 (machine's order) | length u32 | crc u32 | state
     *
     * crc: CRC-32C of the sequence and the state. The slot with the higher sequence whose crc is
     * right counts. A write goes into the other one:
     *
     *   sequence := 0 (release) -> fence -> state, length, crc -> sequence := highest + 1 (release)
     *
     * A process that is killed in between leaves the slot that counted before as it was: what was
     * being written had not been acknowledged. A reader takes the higher sequence (acquire), copies,
     * and reads the sequence again behind a load fence: the same, so no write into this slot has
     * begun in between; else, or if the crc is wrong, it starts over.
     */
    private static final long MAGIC = 0x4C41_5244_5354_4154L; // LARDSTAT
    private static final int FORMAT = 1;
    private static final int FIRST_OFFSET = 4096;
    private static final int SLOT_BYTES = 512 << 10;
    private static final int SLOT_HEADER_BYTES = 16;
    private static final int FILE_BYTES = FIRST_OFFSET + 2 * SLOT_BYTES;
    private static final int READS_MAX = 1000;
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Path path;
    private final FileChannel channel;
    private final MappedByteBuffer buffer;
    private final @Nullable FileLock lock;

    private StateFile(
            Path path, FileChannel channel, MappedByteBuffer buffer, @Nullable FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.buffer = buffer;
        this.lock = lock;
    }

    /** Where the state of the map at {@code map} is. */
    public static Path beside(Path map) {
        return map.resolveSibling(map.getFileName() + ".state");
    }

    /**
     * Opens it to write, and makes it if it is not there.
     *
     * @throws IOException naming the file, if another process writes it, or it is none
     */
    public static StateFile openToWrite(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw new IOException(path + ": in use by another server (expected: by none)");
            }
            boolean isNew = channel.size() == 0;
            if (!isNew) {
                requireWhole(path, channel);
            } else {
                channel.write(ByteBuffer.allocate(FILE_BYTES), 0); // written, so there is room
            }
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            if (isNew) {
                buffer.putInt(8, FORMAT).putLong(0, MAGIC);
            }
            requireFormat(path, buffer);
            return new StateFile(path, channel, buffer, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /**
     * Opens it to read.
     *
     * @throws IOException naming the file, if it is not there or is none
     */
    public static StateFile openToRead(Path path) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": not there (expected: a region's state)", e);
        }
        try {
            requireWhole(path, channel);
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
            requireFormat(path, buffer);
            return new StateFile(path, channel, buffer, null);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void requireWhole(Path path, FileChannel channel) throws IOException {
        if (channel.size() != FILE_BYTES) {
            throw new IOException(
                    path + ": " + channel.size() + " bytes (expected: " + FILE_BYTES + ")");
        }
    }

    private static void requireFormat(Path path, MappedByteBuffer buffer) throws IOException {
        if (buffer.getLong(0) != MAGIC || buffer.getInt(8) != FORMAT) {
            throw new IOException(
                    path
                            + ": begins with "
                            + Long.toHexString(buffer.getLong(0))
                            + " in format "
                            + Integer.toUnsignedString(buffer.getInt(8))
                            + " (expected: LARDSTAT in format "
                            + FORMAT
                            + ")");
        }
    }

    /** The state that counts; null if none was ever written. For any thread. */
    public @Nullable RegionState read() {
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            long sequence = sequence();
            if (sequence == 0) {
                return null;
            }
            RegionState state = read(sequence);
            if (state != null) {
                return state;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    private @Nullable RegionState read(long sequence) {
        int slotAt = slotAt(sequence);
        int length = buffer.getInt(slotAt + 8);
        int wanted = buffer.getInt(slotAt + 12);
        if (length < 0 || length > SLOT_BYTES - SLOT_HEADER_BYTES) {
            return null;
        }
        byte[] bytes = new byte[length];
        buffer.get(slotAt + SLOT_HEADER_BYTES, bytes);
        VarHandle.acquireFence();
        if ((long) LONGS.getOpaque(buffer, slotAt) != sequence || crc(sequence, bytes) != wanted) {
            return null;
        }
        return RegionState.readFrom(ByteBuffer.wrap(bytes));
    }

    /** Changes with every {@link #write}; 0 before the first. For any thread. */
    public long sequence() {
        long first = sequenceAt(FIRST_OFFSET);
        long second = sequenceAt(FIRST_OFFSET + SLOT_BYTES);
        return Math.max(first, second);
    }

    private long sequenceAt(int slotAt) {
        return (long) LONGS.getAcquire(buffer, slotAt);
    }

    /**
     * Makes this the state that counts: for every process, and after a kill of this one.
     *
     * @throws IllegalArgumentException if it is too long for a slot
     */
    public void write(RegionState state) {
        int length = state.bytes();
        if (length > SLOT_BYTES - SLOT_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "state: " + length + " bytes (expected: 0.." + (SLOT_BYTES - 16) + ")");
        }
        long sequence = sequence() + 1;
        ByteBuffer out = ByteBuffer.allocate(length);
        state.writeTo(out);
        int slotAt = slotAt(sequence);
        LONGS.setRelease(buffer, slotAt, 0L);
        VarHandle.fullFence();
        buffer.putInt(slotAt + 8, length);
        buffer.putInt(slotAt + 12, crc(sequence, out.array()));
        buffer.put(slotAt + SLOT_HEADER_BYTES, out.array());
        LONGS.setRelease(buffer, slotAt, sequence);
    }

    /** The same, and on the disk when it returns. Locking: waits for the disk. */
    public void writeThrough(RegionState state) {
        write(state);
        buffer.force();
    }

    private static int slotAt(long sequence) {
        return FIRST_OFFSET + (int) (sequence & 1) * SLOT_BYTES;
    }

    private static int crc(long sequence, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(0, sequence));
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /** Lets others have it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (lock != null && lock.isValid()) {
            lock.release();
        }
        channel.close();
    }
}
