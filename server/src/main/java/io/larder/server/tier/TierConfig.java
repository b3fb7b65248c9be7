package io.larder.server.tier;

import java.nio.file.Path;

/**
 * How a tier is set up.
 *
 * @param path a directory of its own
 * @param bytesMax of its files, roughly; the oldest go first
 * @param memoryBytes for all it keeps in memory: half of it the directory, a quarter victims that
 *     wait to be written, an eighth each RocksDB's write buffers and its cache
 * @param readers threads that fetch
 * @param fetchMillisMax longer than that, and the tier is switched off for a while
 * @param retryMillisMin how long it stays off at first; each time longer
 * @param retryMillisMax how long at most
 */
public record TierConfig(
        Path path,
        long bytesMax,
        long memoryBytes,
        int readers,
        long fetchMillisMax,
        long retryMillisMin,
        long retryMillisMax) {
    /** The least that the files may be limited to. */
    public static final long BYTES_MIN = 64L << 20;

    /** The least memory that a tier can work in. */
    public static final long MEMORY_BYTES_MIN = 8L << 20;

    /** Bytes on disk for a byte of memory, unless told otherwise. */
    private static final int BYTES_PER_MEMORY_BYTE = 64;

    private static final long RETRY_MILLIS_MIN = 1_000;
    private static final long RETRY_MILLIS_MAX = 60_000;
    private static final int FILES = 64;

    public TierConfig {
        requireMin("bytesMax", bytesMax, BYTES_MIN);
        requireMin("memoryBytes", memoryBytes, MEMORY_BYTES_MIN);
        requireMin("readers", readers, 1);
        requireMin("fetchMillisMax", fetchMillisMax, 1);
        requireMin("retryMillisMin", retryMillisMin, 1);
        requireMin("retryMillisMax", retryMillisMax, retryMillisMin);
    }

    private static void requireMin(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + min + ")");
        }
    }

    /**
     * The usual one.
     *
     * @param memoryBytes 0 for a 64th of {@code bytesMax}, and not less than 16 MiB
     */
    public static TierConfig of(
            Path path, long bytesMax, long memoryBytes, int readers, long fetchMillisMax) {
        long usual = Math.max(2 * MEMORY_BYTES_MIN, bytesMax / BYTES_PER_MEMORY_BYTE);
        return new TierConfig(
                path,
                bytesMax,
                memoryBytes == 0 ? usual : memoryBytes,
                readers,
                fetchMillisMax,
                RETRY_MILLIS_MIN,
                RETRY_MILLIS_MAX);
    }

    long directoryBytes() {
        return memoryBytes / 2;
    }

    long pendingBytesMax() {
        return memoryBytes / 4;
    }

    long cacheBytes() {
        return memoryBytes / 8;
    }

    /** Of one write buffer, of which there are two, and so of one file, which goes as a whole. */
    long fileBytes() {
        return Math.max(256 << 10, Math.min(memoryBytes / 16, bytesMax / FILES));
    }
}
