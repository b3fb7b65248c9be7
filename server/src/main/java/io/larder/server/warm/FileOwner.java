package io.larder.server.warm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a store's file: a lock on a file beside it, in which the owner's process id
 * stands. The system gives it back when the process ends, however that comes about.
 */
final class FileOwner implements AutoCloseable {
    private static final int PID_BYTES_MAX = 32;

    private final FileChannel channel;

    private FileOwner(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws WarmException naming the owner, if there is another
     */
    static FileOwner of(Path file) throws WarmException, IOException {
        Path beside = beside(file, ".lock");
        FileChannel channel =
                FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        boolean isTaken = false;
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw new WarmException(
                        file + " is in use by process " + pid(channel) + " (see " + beside + ")",
                        null);
            }
            byte[] pid =
                    Long.toString(ProcessHandle.current().pid())
                            .getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            isTaken = true;
            return new FileOwner(channel);
        } finally {
            if (!isTaken) {
                channel.close();
            }
        }
    }

    /** The path of what belongs to a file and lies beside it. */
    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another store of this process
        }
    }

    private static String pid(FileChannel channel) throws IOException {
        byte[] pid = new byte[PID_BYTES_MAX];
        int length = channel.read(ByteBuffer.wrap(pid), 0);
        return new String(pid, 0, Math.max(0, length), StandardCharsets.US_ASCII).strip();
    }

    /** Gives it back. The file with the id stays: whoever removed it could part two owners. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
