package io.larder.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A new directory on {@code /dev/shm}, a memory file system, that goes with all that is in it when
 * it is closed. Immutable.
 *
 * @param path of it
 */
public record MemoryDirectory(Path path) implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /**
     * Makes one.
     *
     * @param prefix of its name
     * @throws BenchException if it cannot be made
     */
    public static MemoryDirectory create(String prefix) {
        try {
            return new MemoryDirectory(Files.createTempDirectory(SHARED_MEMORY, prefix));
        } catch (IOException e) {
            throw new BenchException(SHARED_MEMORY + ": " + e.getMessage(), e);
        }
    }

    /** A file in it, which need not be there. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
