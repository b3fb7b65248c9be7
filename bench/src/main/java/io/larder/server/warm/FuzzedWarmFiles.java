package io.larder.server.warm;

import io.larder.server.store.StoreConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** What a store's file begins with, and its manifest. Stateless. */
public final class FuzzedWarmFiles {
    private static final StoreConfig CONFIG = new StoreConfig(64 << 20, 4, 1 << 20, 1, 2, 2);

    private FuzzedWarmFiles() {}

    /** Writes a right header, and returns its bytes. */
    public static byte[] header(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileHeader.of(CONFIG, 7).write(channel);
        }
        return Files.readAllBytes(file);
    }

    /** Reads one; what is said of a damaged one counts as an answer. */
    public static void readHeader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            FileHeader header = FileHeader.read(channel);
            if (header != null) {
                header.requireShape(CONFIG);
            }
        } catch (DamagedFileException answer) {
            // said so
        }
    }

    /** Where a file's manifest is. */
    public static Path manifestOf(Path file) {
        return Manifest.pathFor(file);
    }

    /** Writes a right manifest, and returns its bytes. */
    public static byte[] manifest(Path file) throws IOException {
        new Manifest(7, 1, new Moment(1, 2, 3, new UUID(4, 5))).write(file);
        return Files.readAllBytes(Manifest.pathFor(file));
    }

    /** Reads one; what is said of a damaged one counts as an answer. */
    public static void readManifest(Path file) throws IOException {
        try {
            var unused = Manifest.read(file);
        } catch (DamagedFileException answer) {
            // said so
        }
    }
}
