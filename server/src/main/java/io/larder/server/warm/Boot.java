package io.larder.server.warm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The system's present run: which one it is and how long it has lasted, as Linux tells. Immutable.
 *
 * @param id names the run; null where that cannot be known, and then no other run is the same
 * @param startNanos this process's monotonic clock when the system had been up for no time
 */
record Boot(@Nullable UUID id, long startNanos) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The run that this process is in. */
    static Boot present() {
        try {
            String id = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return new Boot(UUID.fromString(id), System.nanoTime() - (long) (seconds * 1e9));
        } catch (IOException | RuntimeException e) {
            return new Boot(null, System.nanoTime());
        }
    }

    /** How long the system has been up, sleep before this process's start included. */
    long uptimeMillis() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    }

    boolean isSame(UUID other) {
        return other.equals(id);
    }
}
