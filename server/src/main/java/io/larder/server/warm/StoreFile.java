package io.larder.server.warm;

import static java.util.Objects.requireNonNull;

import io.larder.server.memory.FileMapping;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.Clock;
import io.larder.server.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file itself and the memory that it is: mapped where it lies on a memory file system, else a
 * copy that is read at the start and written at a clean stop. For one thread at a time.
 */
final class StoreFile {
    private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs");
    private static final int BLOCK_BYTES = 1 << 20;

    /** Where, in the header's page, the number of the start and the arena's bytes written stand. */
    private static final int START_OFFSET = 1024;

    private static final int WRITTEN_OFFSET = 1088;

    private final Path path;
    private final StoreConfig config;
    private final FileShape shape;
    private FileHeader header;
    private final OffHeapMemory memory;
    private final boolean isMapped;
    private @Nullable Moment last; // at which what is in it was known to be so; null if nothing is

    StoreFile(
            Path path,
            StoreConfig config,
            FileHeader header,
            OffHeapMemory memory,
            boolean isMapped) {
        this.path = path;
        this.config = config;
        this.shape = new FileShape(config);
        this.header = header;
        this.memory = memory;
        this.isMapped = isMapped;
    }

    /** Whether a file there is in memory anyhow: whether it can be a store's while that runs. */
    static boolean isOnMemoryFileSystem(Path path) throws IOException {
        String type = Files.getFileStore(requireNonNull(path.getParent())).type();
        return MEMORY_FILE_SYSTEMS.contains(type.toLowerCase(Locale.ROOT));
    }

    /**
     * Makes a file with nothing in it, as large as it will ever be, and written as far as the
     * memory limit needs it; on a disk, only sees to it that there is room for one.
     *
     * @throws IOException if there is none; no file is left then
     */
    static StoreFile create(Path path, StoreConfig config) throws IOException {
        FileShape shape = new FileShape(config);
        FileHeader header = FileHeader.of(config, new SecureRandom().nextLong());
        if (!isOnMemoryFileSystem(path)) {
            requireSpace(path, shape.bytes);
            OffHeapMemory memory = OffHeapMemory.allocate(shape.bytes);
            memory.zero(0, shape.arenaOffset);
            return new StoreFile(path, config, header, memory, false);
        }
        boolean isDone = false;
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            long written = limitOf(config);
            writeZeros(channel, 0, shape.arenaOffset + written);
            if (channel.size() < shape.bytes) {
                channel.write(ByteBuffer.allocate(1), shape.bytes - 1);
            }
            OffHeapMemory memory = FileMapping.map(channel, shape.bytes);
            memory.putLong(WRITTEN_OFFSET, written);
            header.write(channel);
            isDone = true;
            return new StoreFile(path, config, header, memory, true);
        } catch (IOException e) {
            throw new IOException(shape.bytes + " bytes cannot be written: " + e.getMessage(), e);
        } finally {
            if (!isDone) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Bytes of the arena that the configured limit allows to be used. */
    private static long limitOf(StoreConfig config) {
        return config.memoryBytes() / config.segmentBytes() * config.segmentBytes();
    }

    private static void requireSpace(Path path, long bytes) throws IOException {
        long free = Files.getFileStore(requireNonNull(path.getParent())).getUsableSpace();
        long present = Files.exists(path) ? Files.size(path) : 0;
        if (free + present < bytes) {
            throw new IOException(
                    "a clean stop's copy takes "
                            + bytes
                            + " bytes, of which there are "
                            + (free + present)
                            + " free");
        }
    }

    private static void writeZeros(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long at = from;
        while (at < to) {
            zeros.clear().limit((int) Math.min(BLOCK_BYTES, to - at));
            at += channel.write(zeros, at);
        }
    }

    // ---- what it is

    Path path() {
        return path;
    }

    StoreConfig config() {
        return config;
    }

    OffHeapMemory memory() {
        return memory;
    }

    boolean isMapped() {
        return isMapped;
    }

    /** Whether an earlier process left something in it that is still of use. */
    boolean isWarm() {
        return last != null;
    }

    /**
     * A number for the stop of the present start, that no other stop of any file is likely to have.
     */
    long stopId() {
        return Manifest.stopId(header.name(), start());
    }

    /** Which start of a server on this file is the present one. */
    long start() {
        return memory.getLong(START_OFFSET);
    }

    /** Where the store's time goes on, in its millis. */
    long resumeMillis(Boot boot) {
        Moment from = last;
        return from == null
                ? Math.max(0, System.currentTimeMillis() - Clock.EPOCH_UNIX_MILLIS)
                : from.storeMillis() + from.elapsedMillis(boot);
    }

    // ---- what becomes of it

    /** Begins to use what is in it, which was left at {@code moment}. */
    void resume(Moment moment) throws IOException {
        Manifest.remove(path);
        memory.putLongRelease(START_OFFSET, start() + 1);
        reserve(config.memoryBytes());
        last = moment;
    }

    /** Forgets what is in it; killed meanwhile, it is a file that was not finished. */
    void clear() throws IOException {
        Manifest.remove(path);
        long written = memory.getLong(WRITTEN_OFFSET);
        memory.putLongRelease(0, 0);
        memory.storeFence();
        memory.zero(0, shape.arenaOffset);
        memory.putLongRelease(WRITTEN_OFFSET, written);
        reserve(config.memoryBytes());
        header = FileHeader.of(config, new SecureRandom().nextLong());
        if (isMapped) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                header.write(channel);
            }
        }
    }

    /** See {@link WarmStart#reserve}. */
    synchronized void reserve(long limitBytes) throws IOException {
        long wanted = limitBytes / config.segmentBytes() * config.segmentBytes();
        long written = memory.getLong(WRITTEN_OFFSET);
        if (!isMapped || wanted <= written) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            writeZeros(channel, shape.arenaOffset + written, shape.arenaOffset + wanted);
        }
        memory.putLongRelease(WRITTEN_OFFSET, wanted);
    }

    /** Leaves it as after a clean stop at {@code moment}. */
    void finish(Moment moment) throws IOException {
        if (!isMapped) {
            save();
        }
        new Manifest(header.name(), start(), moment).write(path);
    }

    private void save() throws IOException {
        Path beside = FileOwner.beside(path, ".new");
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            memory.save(channel);
            header.write(channel);
            channel.force(true);
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        Manifest.forceDirectory(path);
    }
}
