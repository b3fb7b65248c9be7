package io.larder.server.warm;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a clean stop leaves beside a store's file, named after it: the word of the process that used
 * it last that nothing was under way.
 *
 * @param fileName the random number in the header of the file it is about
 * @param start which start of a server on that file it was
 * @param stopped when it stopped
 */
record Manifest(long fileName, long start, Moment stopped) {
    /*
     * It is removed, and that made durable, before anything in the file is changed; so while it is
     * there the file is as it says. It is written whole: beside its place, forced to the disk, then
     * renamed. A copy of an old one put back by hand names another start than the file does.
     */
    private static final long MAGIC = 0x4C41524445524D46L;
    private static final int VERSION = 1;
    private static final int BYTES_MAX = 1 << 16;
    private static final String SUFFIX = ".manifest";

    /** What this stop is known by to others who keep something for the store. */
    long stopId() {
        return stopId(fileName, start);
    }

    /** The same of the start of this number on a file of this name; never 0. */
    static long stopId(long fileName, long start) {
        long mixed = fileName ^ start * 0x9E3779B97F4A7C15L;
        return mixed == 0 ? 1 : mixed;
    }

    static Path pathFor(Path file) {
        return FileOwner.beside(file, SUFFIX);
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(fileName);
        out.writeLong(start);
        out.writeLong(stopped.storeMillis());
        out.writeLong(stopped.uptimeMillis());
        out.writeLong(stopped.unixMillis());
        out.writeLong(stopped.boot().getMostSignificantBits());
        out.writeLong(stopped.boot().getLeastSignificantBits());
        CRC32C sum = new CRC32C();
        sum.update(bytes.toByteArray());
        out.writeInt((int) sum.getValue());
        writeDurably(pathFor(file), bytes.toByteArray());
    }

    private static void writeDurably(Path path, byte[] bytes) throws IOException {
        Path beside = FileOwner.beside(path, ".new");
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(path);
    }

    /** Makes it durable what names the directory of {@code path} has. */
    static void forceDirectory(Path path) throws IOException {
        Path directory = requireNonNull(path.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The manifest of a file; null if there is none.
     *
     * @throws DamagedFileException if it is not what was written
     */
    static @Nullable Manifest read(Path file) throws IOException, DamagedFileException {
        Path path = pathFor(file);
        if (!Files.exists(path)) {
            return null;
        }
        if (Files.size(path) > BYTES_MAX) {
            throw new DamagedFileException("its manifest is damaged");
        }
        byte[] bytes = Files.readAllBytes(path);
        int summed = bytes.length - Integer.BYTES;
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, Math.max(0, summed));
        if (summed < 0 || ByteBuffer.wrap(bytes).getInt(summed) != (int) sum.getValue()) {
            throw new DamagedFileException("its manifest is damaged");
        }
        return parse(new DataInputStream(new ByteArrayInputStream(bytes, 0, summed)));
    }

    private static Manifest parse(DataInputStream in) throws IOException, DamagedFileException {
        if (in.readLong() != MAGIC || in.readInt() != VERSION) {
            throw new DamagedFileException("its manifest is of another kind or version");
        }
        return new Manifest(
                in.readLong(),
                in.readLong(),
                new Moment(
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        new UUID(in.readLong(), in.readLong())));
    }

    /** Removes the manifest of a file, durably. */
    static void remove(Path file) throws IOException {
        if (Files.deleteIfExists(pathFor(file))) {
            forceDirectory(file);
        }
    }
}
