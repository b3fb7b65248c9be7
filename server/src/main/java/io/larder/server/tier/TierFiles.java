package io.larder.server.tier;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tier's directory: taken for one process, and known to be the tier's before anything in it is
 * deleted. For one thread.
 *
 * <pre>
 * PATH/larder-tier   says that it is one; locked while in use
 * PATH/clean         what a clean stop left, see TierMarker; gone while in use
 * PATH/db/           the files
 * </pre>
 */
final class TierFiles implements AutoCloseable {
    private static final String CLAIM = "larder-tier";

    private final Path path;
    private final FileChannel claim;

    private TierFiles(Path path, FileChannel claim) {
        this.path = path;
        this.claim = claim;
    }

    /**
     * Takes a directory, which is made if it is not there.
     *
     * @throws IOException if it is in use, holds something else, or cannot be had
     */
    static TierFiles take(Path path) throws IOException {
        Files.createDirectories(path);
        Path claimed = path.resolve(CLAIM);
        if (!Files.exists(claimed) && !isEmpty(path)) {
            throw new IOException(
                    path + ": holds other files (expected: a directory that is empty or a tier's)");
        }
        FileChannel claim =
                FileChannel.open(claimed, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock(claim) == null) {
                throw new IOException(path + ": in use by another server");
            }
            return new TierFiles(path, claim);
        } catch (IOException e) {
            claim.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel claim) throws IOException {
        try {
            return claim.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // by this process
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.noneMatch(file -> !file.getFileName().toString().equals("lost+found"));
        }
    }

    Path database() {
        return path.resolve("db");
    }

    Path cleanMarker() {
        return path.resolve("clean");
    }

    /** Leaves an empty directory for the files. */
    void reset() throws IOException {
        delete();
        Files.createDirectories(database());
    }

    /** Deletes the files. */
    void delete() throws IOException {
        Files.deleteIfExists(cleanMarker());
        if (Files.exists(database())) {
            Files.walkFileTree(database(), new Deletion());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }

    /** Lets others have it. */
    @Override
    public void close() throws IOException {
        claim.close();
    }
}
