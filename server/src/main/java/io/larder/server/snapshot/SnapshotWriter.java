package io.larder.server.snapshot;

import io.larder.server.store.SnapshotSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot's file: beside its place first, and there by a rename once it is whole and on
 * disk. One thread. Closing it without {@link #commit} leaves nothing behind.
 */
final class SnapshotWriter implements SnapshotSink, AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final long nowMillis;
    private final Supplier<Map<Integer, String>> namesBySpace;
    private final Path file;
    private final Path partial;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final CRC32C crc = new CRC32C();
    private long blocks;
    private long items;

    /**
     * Begins a file that is to replace {@code file}.
     *
     * @param nowMillis the store's time
     * @param namesBySpace the regions' names by their spaces, asked for at the cut
     * @throws IOException if the directory cannot be written, or another such file is unfinished
     */
    SnapshotWriter(Path file, long nowMillis, Supplier<Map<Integer, String>> namesBySpace)
            throws IOException {
        this.nowMillis = nowMillis;
        this.namesBySpace = namesBySpace;
        this.file = file;
        this.partial = file.resolveSibling("." + file.getFileName() + ".partial");
        this.channel =
                FileChannel.open(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
    }

    @Override
    public void begin() throws IOException {
        Map<Integer, String> names = namesBySpace.get();
        int namesBytes = names.values().stream().mapToInt(name -> 5 + name.length()).sum();
        ByteBuffer header = ByteBuffer.allocate(SnapshotFormat.HEADER_BYTES + namesBytes);
        header.putLong(SnapshotFormat.MAGIC)
                .putInt(SnapshotFormat.FORMAT)
                .putInt(namesBytes)
                .putLong(nowMillis);
        names.forEach(
                (space, name) -> {
                    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
                    header.putInt(space).put((byte) bytes.length).put(bytes);
                });
        writePart(header.array(), header.capacity());
    }

    @Override
    public void accept(byte[] block, int length, int count) throws IOException {
        blocks++;
        items += count;
        byte[] head = ByteBuffer.allocate(8).putInt(length).putInt(count).array();
        crc.update(head, 0, head.length);
        write(head, head.length);
        writePart(block, length);
    }

    /** Writes the trailer, has everything on disk, and puts the file in its place. */
    void commit() throws IOException {
        ByteBuffer trailer = ByteBuffer.allocate(SnapshotFormat.TRAILER_BYTES);
        trailer.putLong(0).putLong(blocks).putLong(items);
        writePart(trailer.array(), trailer.capacity());
        flush();
        channel.force(true);
        channel.close();
        Files.move(
                partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Items written. */
    long items() {
        return items;
    }

    /** Ends a part with its checksum. */
    private void writePart(byte[] bytes, int length) throws IOException {
        crc.update(bytes, 0, length);
        write(bytes, length);
        write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array(), 4);
        crc.reset();
    }

    private void write(byte[] bytes, int length) throws IOException {
        for (int offset = 0; offset < length; ) {
            int count = Math.min(length - offset, buffer.remaining());
            buffer.put(bytes, offset, count);
            offset += count;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(partial); // renamed away, if committed
    }
}
