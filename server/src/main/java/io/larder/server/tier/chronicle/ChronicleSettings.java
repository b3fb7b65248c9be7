package io.larder.server.tier.chronicle;

import java.nio.file.Path;

/**
 * What a region's file is made for.
 *
 * @param region the region's name, for messages
 * @param file where the map is; its state lies beside it
 * @param entries the most records
 * @param keyBytes the usual length of a key
 * @param valueBytes the usual length of a value
 */
public record ChronicleSettings(
        String region, Path file, long entries, int keyBytes, int valueBytes) {
    public ChronicleSettings {
        if (entries < 1 || keyBytes < 1 || valueBytes < 1) {
            throw new IllegalArgumentException(
                    "entries, keyBytes, valueBytes: "
                            + entries
                            + ", "
                            + keyBytes
                            + ", "
                            + valueBytes
                            + " (expected: each > 0)");
        }
    }
}
