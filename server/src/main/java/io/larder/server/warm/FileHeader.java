package io.larder.server.warm;

import io.larder.server.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a store's file: what kind of file it is, the shape of the store in it, and
 * whose hashes its keys have. Written once, when all of the file is.
 *
 * @param segmentBytes bytes of a segment
 * @param segments segments of the arena
 * @param shards shards of the store
 * @param hashSeed0 half of the hash seed
 * @param hashSeed1 the other half
 * @param name a random number by which a manifest names this file
 */
record FileHeader(
        int segmentBytes, int segments, int shards, long hashSeed0, long hashSeed1, long name) {
    /*
     *   0         8           16              24         32       40      48      56     64     68
     *  +---------+-----------+---------------+----------+--------+-------+-------+------+------+
     *  | "LARDERAR"| version | segment bytes | segments | shards | seed0 | seed1 | name | sum  |
     *  +---------+-----------+---------------+----------+--------+-------+-------+------+------+
     *  Words in the machine's order, as all others in the file.
     */
    private static final long MAGIC = 0x4C41524445524152L;
    private static final long VERSION = 1;
    private static final int SUMMED_BYTES = 64;
    private static final int BYTES = SUMMED_BYTES + 4;

    static FileHeader of(StoreConfig config, long name) {
        return new FileHeader(
                config.segmentBytes(),
                config.segments(),
                config.shards(),
                config.hashSeed0(),
                config.hashSeed1(),
                name);
    }

    void write(FileChannel channel) throws IOException {
        byte[] array = new byte[BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
        bytes.putLong(MAGIC).putLong(VERSION).putLong(segmentBytes).putLong(segments);
        bytes.putLong(shards).putLong(hashSeed0).putLong(hashSeed1).putLong(name);
        bytes.putInt(sum(array)).flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    private static int sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, SUMMED_BYTES);
        return (int) sum.getValue();
    }

    /**
     * Reads the header of a file.
     *
     * @return null if there is nothing yet: a file that was begun and not finished
     * @throws DamagedFileException if it is another kind of file, or not what was written
     */
    static @Nullable FileHeader read(FileChannel channel) throws IOException, DamagedFileException {
        byte[] array = new byte[BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // until all of it is there
        }
        if (isZero(bytes)) {
            return null;
        }
        if (bytes.hasRemaining() || bytes.getLong(0) != MAGIC) {
            throw new DamagedFileException("it is not the file of a larder store");
        }
        if (bytes.getInt(SUMMED_BYTES) != sum(array)) {
            throw new DamagedFileException("its header is damaged");
        }
        if (bytes.getLong(8) != VERSION) {
            throw new DamagedFileException(
                    "its format is " + bytes.getLong(8) + " (expected: " + VERSION + ")");
        }
        return new FileHeader(
                (int) bytes.getLong(16),
                (int) bytes.getLong(24),
                (int) bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getLong(56));
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int i = 0; i < bytes.position(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Refuses a file whose store is not of this shape. */
    void requireShape(StoreConfig config) throws DamagedFileException {
        if (segmentBytes != config.segmentBytes()
                || segments != config.segments()
                || shards != config.shards()) {
            throw new DamagedFileException(
                    shape(segments, segmentBytes, shards)
                            + " (expected: "
                            + shape(config.segments(), config.segmentBytes(), config.shards())
                            + ")");
        }
    }

    private static String shape(int segments, int segmentBytes, int shards) {
        return "its store has "
                + segments
                + " segments of "
                + segmentBytes
                + " bytes in "
                + shards
                + " shards";
    }
}
