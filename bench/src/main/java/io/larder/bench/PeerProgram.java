package io.larder.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program that is not Larder's: on the PATH, or in a directory into which packages may have been
 * unpacked with the libraries they need. Immutable.
 *
 * @param path of the program
 * @param libraries for {@code LD_LIBRARY_PATH}; empty if the system has them
 */
public record PeerProgram(Path path, String libraries) {
    private static final List<String> PLACES = List.of("", "bin", "usr/bin", "usr/sbin");

    /**
     * Looks for it in a directory, or below it as a package is unpacked, then on the PATH.
     *
     * @throws BenchException if the directory cannot be read
     */
    public static Optional<PeerProgram> find(String name, @Nullable Path directory) {
        List<Path> candidates = new ArrayList<>();
        if (directory != null) {
            PLACES.forEach(place -> candidates.add(directory.resolve(place)));
        }
        String path = System.getenv("PATH");
        Stream.of((path == null ? "" : path).split(File.pathSeparator, -1))
                .forEach(place -> candidates.add(Path.of(place)));
        return candidates.stream()
                .map(place -> place.resolve(name))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst()
                .map(
                        program ->
                                new PeerProgram(
                                        program, directory == null ? "" : libraries(directory)));
    }

    private static String libraries(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(".so"))
                    .map(file -> String.valueOf(file.getParent()))
                    .distinct()
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new BenchException(directory + ": " + e.getMessage(), e);
        }
    }

    /** The program with these arguments, to be started. */
    public ProcessBuilder command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        if (!libraries.isEmpty()) {
            builder.environment().put("LD_LIBRARY_PATH", libraries);
        }
        return builder;
    }
}
