package io.larder.server.snapshot;

import io.larder.server.store.SnapshotSink;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Reads a snapshot's file, and believes nothing of it that a checksum does not confirm. */
final class SnapshotReader {
    private static final int BUFFER_BYTES = 256 << 10;

    /** Of a region's entry: its space and its name's length. */
    private static final int NAME_BYTES_MIN = Integer.BYTES + 1;

    private final Path file;
    private final CRC32C crc = new CRC32C();
    private Map<Integer, String> names = Map.of();
    private byte[] block = {};

    SnapshotReader(Path file) {
        this.file = file;
    }

    /** The regions' names by space; known once the file is being read. */
    Map<Integer, String> names() {
        return names;
    }

    /**
     * Reads the whole file and hands each block over once its checksum is right; so whoever must
     * not act on a part of a file reads it twice.
     *
     * @return how many items it has
     * @throws SnapshotException if it is no whole snapshot
     */
    long read(SnapshotSink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            crc.reset();
            CheckedInputStream checked = new CheckedInputStream(in, crc);
            DataInputStream data = new DataInputStream(checked);
            readHeader(data);
            long items = readBlocks(data, sink);
            if (in.read() >= 0) {
                throw broken("bytes behind the trailer", "the end of the file");
            }
            return items;
        } catch (EOFException e) {
            throw broken("the end of the file", "more: it was cut off");
        }
    }

    private void readHeader(DataInputStream in) throws IOException {
        long magic = in.readLong();
        if (magic != SnapshotFormat.MAGIC) {
            throw broken("its first bytes are " + Long.toHexString(magic), "LARDSNAP");
        }
        int format = in.readInt();
        if (format != SnapshotFormat.FORMAT) {
            throw broken("format " + Integer.toUnsignedString(format), "" + SnapshotFormat.FORMAT);
        }
        byte[] bytes = new byte[size(in.readInt(), "names' bytes", SnapshotFormat.NAMES_BYTES_MAX)];
        in.readLong(); // when it was taken is for people
        in.readFully(bytes);
        checkCrc(in, "header");
        names = namesOf(ByteBuffer.wrap(bytes));
    }

    private Map<Integer, String> namesOf(ByteBuffer bytes) throws SnapshotException {
        Map<Integer, String> names = new HashMap<>();
        while (bytes.hasRemaining()) {
            if (bytes.remaining() < NAME_BYTES_MIN
                    || bytes.remaining()
                            < NAME_BYTES_MIN
                                    + (bytes.get(bytes.position() + Integer.BYTES) & 0xFF)) {
                throw broken("half a region's name", "whole ones");
            }
            int space = bytes.getInt();
            byte[] name = new byte[bytes.get() & 0xFF];
            bytes.get(name);
            names.put(space, new String(name, StandardCharsets.US_ASCII));
        }
        return names;
    }

    private long readBlocks(DataInputStream in, SnapshotSink sink) throws IOException {
        long blocks = 0;
        long items = 0;
        while (true) {
            int length = size(in.readInt(), "block of bytes", SnapshotFormat.BLOCK_BYTES_MAX);
            int count = in.readInt();
            if (length == 0) {
                readTrailer(in, blocks, items);
                return items;
            }
            if (block.length < length) {
                block = new byte[length];
            }
            in.readFully(block, 0, length);
            checkCrc(in, "block " + blocks);
            sink.accept(block, length, count);
            blocks++;
            items += count;
        }
    }

    private void readTrailer(DataInputStream in, long blocks, long items) throws IOException {
        long blocksWanted = in.readLong();
        long itemsWanted = in.readLong();
        checkCrc(in, "trailer");
        if (blocks != blocksWanted || items != itemsWanted) {
            throw broken(
                    blocks + " blocks with " + items + " items",
                    blocksWanted + " blocks with " + itemsWanted);
        }
    }

    private int size(int size, String what, int max) throws SnapshotException {
        if (size < 0 || size > max) {
            throw broken(what + ": " + Integer.toUnsignedString(size), "0.." + max);
        }
        return size;
    }

    private void checkCrc(DataInputStream in, String part) throws IOException {
        int found = (int) crc.getValue();
        int wanted = in.readInt();
        crc.reset();
        if (found != wanted) {
            throw broken(
                    part + ": checksum " + Integer.toHexString(found), Integer.toHexString(wanted));
        }
    }

    private SnapshotException broken(String found, String expected) {
        return new SnapshotException(
                file.getFileName() + ": " + found + " (expected: " + expected + ")");
    }
}
