package io.larder.server.snapshot;

import io.larder.server.store.Clock;
import io.larder.server.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/** A snapshot's file, read from its first byte to its last and loaded. Stateless. */
public final class FuzzedSnapshot {
    private static final int ITEM_BYTES = 53;
    private static final long NEVER = (1L << 40) - 1;

    private FuzzedSnapshot() {}

    /** A small whole one: a region's name and a block of these bytes, said to be so many items. */
    public static byte[] of(byte[] block, int items) {
        ByteBuffer file = ByteBuffer.allocate(256 + block.length);
        byte[] name = {0, 0, 0, 1, 3, 'a', 'b', 'c'};
        file.putLong(SnapshotFormat.MAGIC).putInt(SnapshotFormat.FORMAT);
        file.putInt(name.length).putLong(1).put(name);
        sum(file, 0);
        int begin = file.position();
        file.putInt(block.length).putInt(items).put(block);
        sum(file, begin);
        begin = file.position();
        file.putInt(0).putInt(0).putLong(1).putLong(items);
        sum(file, begin);
        byte[] bytes = new byte[file.position()];
        file.flip().get(bytes);
        return bytes;
    }

    /** A block with two items of the region. */
    public static byte[] items() {
        ByteBuffer block = ByteBuffer.allocate(2 * ITEM_BYTES);
        for (int i = 0; i < 2; i++) {
            block.putInt(ITEM_BYTES).putInt(1 << 8).putLong(7).putLong(NEVER).putLong(0).putInt(0);
            block.putShort((short) 0).putShort((short) 3).putLong(NEVER);
            block.put(new byte[] {'k', 'e', (byte) i, 'v', 'a'});
        }
        return block.array();
    }

    /** Makes the header's checksum right, and the first block's, where there are such parts. */
    public static void mend(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        if (bytes.length < SnapshotFormat.HEADER_BYTES + SnapshotFormat.CRC_BYTES) {
            return;
        }
        int end = mend(file, 0, SnapshotFormat.HEADER_BYTES + (long) file.getInt(12));
        if (end > 0 && end + SnapshotFormat.BLOCK_HEADER_BYTES <= bytes.length) {
            mend(file, end, end + SnapshotFormat.BLOCK_HEADER_BYTES + (long) file.getInt(end));
        }
    }

    private static int mend(ByteBuffer file, int begin, long end) {
        if (end < begin || end + SnapshotFormat.CRC_BYTES > file.capacity()) {
            return -1;
        }
        file.position((int) end);
        sum(file, begin);
        return file.position();
    }

    private static void sum(ByteBuffer file, int begin) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().flip().position(begin));
        file.putInt((int) crc.getValue());
    }

    /**
     * Reads and loads it.
     *
     * @throws IOException if it is no snapshot
     */
    public static void load(Path file, Store store, Clock clock) throws IOException {
        new SnapshotReader(file).read(new SnapshotLoader(store, clock, Map.of(1, 1)));
    }
}
