package io.larder.server.tier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes, if this process may mount one; else the test is skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one at a directory that is there. */
    public static SmallDisk mount(Path path, int mebibytes) throws IOException {
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", "" + path);
        Assumptions.assumeTrue(isMounted, "a tmpfs cannot be mounted here: not root, or no mount");
        return new SmallDisk(path);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    private static boolean run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(List.of(command)).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } catch (IOException notThere) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", "" + path) && !run("umount", "-l", "" + path)) {
            throw new IOException(path + ": still mounted");
        }
    }
}
