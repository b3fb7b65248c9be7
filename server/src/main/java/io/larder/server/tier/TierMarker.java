package io.larder.server.tier;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * What a clean stop leaves of the tier's memory: the directories, and whose they are. Stateless.
 */
/*
 * In the order of the file, big-endian:
 *
 *   magic 8 | identity: seed 8, seed 8, shards 4, stop 8 | words per shard 4
 *   | marks 24 per shard | words 8 each, shard by shard | CRC32C of all that, 8
 *
 * It is written beside its place, forced to disk, and put there whole. It is deleted before the
 * first write to the files after it, so a process that ends in any other way than by a clean stop
 * leaves none, and what it had on disk is dropped by the next: without the directory nothing tells
 * which of the bytes there were void.
 */
final class TierMarker {
    private static final long MAGIC = 0x4C52_4452_5449_4552L;

    private TierMarker() {}

    static void write(Path path, StoreIdentity identity, Directory[] directories, long[] marks)
            throws IOException {
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        CRC32C crc = new CRC32C();
        try (FileOutputStream file = new FileOutputStream(beside.toFile());
                DataOutputStream out =
                        new DataOutputStream(
                                new BufferedOutputStream(
                                        new CheckedOutputStream(file, crc), 1 << 16))) {
            out.writeLong(MAGIC);
            writeIdentity(out, identity);
            out.writeInt(directories[0].capacity());
            for (long mark : marks) {
                out.writeLong(mark);
            }
            for (Directory directory : directories) {
                for (int at = 0; at < directory.capacity(); at++) {
                    out.writeLong(directory.word(at));
                }
            }
            out.flush();
            out.writeLong(crc.getValue());
            out.flush();
            file.getFD().sync();
        }
        Files.move(
                beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeIdentity(DataOutputStream out, StoreIdentity identity)
            throws IOException {
        out.writeLong(identity.hashSeed0());
        out.writeLong(identity.hashSeed1());
        out.writeInt(identity.shards());
        out.writeLong(identity.stopId());
    }

    /**
     * Reads the directories that a clean stop of this store left, into empty ones.
     *
     * @param marks receives what is to be known of the shards, see ShardedStore.overflowMarks
     * @return whether there were any; if not, what is in the directories is to be thrown away
     */
    static boolean read(Path path, StoreIdentity identity, Directory[] directories, long[] marks)
            throws IOException {
        if (!identity.outlives() || !Files.exists(path)) {
            return false;
        }
        CRC32C crc = new CRC32C();
        try (DataInputStream in =
                new DataInputStream(
                        new CheckedInputStream(
                                new BufferedInputStream(Files.newInputStream(path), 1 << 16),
                                crc))) {
            if (in.readLong() != MAGIC
                    || !identity.equals(readIdentity(in))
                    || in.readInt() != directories[0].capacity()) {
                return false;
            }
            for (int i = 0; i < marks.length; i++) {
                marks[i] = in.readLong();
            }
            for (Directory directory : directories) {
                for (int at = 0; at < directory.capacity(); at++) {
                    directory.restore(at, in.readLong());
                }
            }
            long expected = crc.getValue();
            return in.readLong() == expected;
        }
    }

    private static StoreIdentity readIdentity(DataInputStream in) throws IOException {
        return new StoreIdentity(in.readLong(), in.readLong(), in.readInt(), in.readLong());
    }
}
