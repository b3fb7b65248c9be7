package io.larder.bench.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What reads a file. A failure is anything but the exceptions by which it says what is wrong. */
class LoaderTarget implements FuzzTarget {
    /** Reads the file. */
    @FunctionalInterface
    interface Loader {
        void load(Path file) throws Exception;
    }

    private final String name;
    private final List<byte[]> seeds;
    private final Path written;
    private final Path loaded;
    private final Loader loader;
    private final List<Class<? extends Exception>> answers;

    /**
     * @param written the file that an input is written into
     * @param loaded what the loader is given, which may be another one beside it
     * @param answers exceptions that say what is wrong with it
     */
    LoaderTarget(
            String name,
            List<byte[]> seeds,
            Path written,
            Path loaded,
            Loader loader,
            List<Class<? extends Exception>> answers) {
        this.name = name;
        this.seeds = seeds;
        this.written = written;
        this.loaded = loaded;
        this.loader = loader;
        this.answers = answers;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }

    @Override
    public void take(byte[] input) throws Exception {
        Files.write(written, input);
        try {
            loader.load(loaded);
        } catch (Exception e) {
            if (answers.stream().noneMatch(answer -> answer.isInstance(e))) {
                throw e;
            }
        }
    }
}
