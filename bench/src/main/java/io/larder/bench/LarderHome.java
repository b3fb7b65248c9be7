package io.larder.bench;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Where Larder's {@code bin} and {@code conf} lie: the source tree or an unpacked distribution. It
 * is the system property {@code larder.home}, or the nearest directory above these classes that has
 * {@code conf/ycsb}.
 */
public final class LarderHome {
    private static final String PROPERTY = "larder.home";

    private LarderHome() {}

    /**
     * The directory.
     *
     * @throws BenchException if there is none
     */
    public static Path find() {
        String given = System.getProperty(PROPERTY);
        Path start = given == null ? ownLocation() : Path.of(given).toAbsolutePath();
        for (Path path = start; path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve("conf").resolve("ycsb"))) {
                return path;
            }
        }
        throw new BenchException(
                PROPERTY + ": " + start + " (expected: in a directory that has conf/ycsb)");
    }

    /** The launcher script, if it is there. */
    public static Optional<Path> launcher() {
        Path script = find().resolve("bin").resolve("larder");
        return Files.isExecutable(script) ? Optional.of(script) : Optional.empty();
    }

    private static Path ownLocation() {
        CodeSource source = LarderHome.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return Path.of("").toAbsolutePath();
        }
        URI location;
        try {
            location = source.getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new BenchException("location of the classes: " + source.getLocation(), e);
        }
        return Path.of(location);
    }
}
