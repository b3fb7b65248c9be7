package io.larder.server.warm;

import java.nio.file.Path;

/**
 * What an operator has settled for warm restart.
 *
 * @param file on a memory file system what the store lies in; on a disk where a clean stop leaves a
 *     copy of it
 * @param downtimeMillisMax how long the server may have been away for its content to be still of
 *     use; 0 for any time
 */
public record WarmSettings(Path file, long downtimeMillisMax) {
    public WarmSettings {
        if (downtimeMillisMax < 0) {
            throw new IllegalArgumentException(
                    "downtimeMillisMax: " + downtimeMillisMax + " (expected: >= 0)");
        }
    }
}
