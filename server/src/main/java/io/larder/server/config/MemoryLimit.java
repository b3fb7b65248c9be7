package io.larder.server.config;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory this process may use: the least of the machine's memory and the limits of the
 * control groups it is in.
 *
 * <p>A group inherits the limits of all groups above it, so each is asked. In a container the path
 * that the kernel names may be the host's, of which the container sees only the end: what cannot be
 * read is passed over, and the root of the mount is the container's own group.
 */
public final class MemoryLimit {
    private static final Path GROUPS_OF_SELF = Path.of("/proc/self/cgroup");
    private static final Path GROUP_ROOT = Path.of("/sys/fs/cgroup");

    private MemoryLimit() {}

    /** The limit in bytes. */
    public static long bytes() {
        return bytes(GROUPS_OF_SELF, GROUP_ROOT, machineBytes());
    }

    static long bytes(Path groupsOfSelf, Path groupRoot, long machineBytes) {
        long limit = machineBytes;
        for (String line : lines(groupsOfSelf)) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                limit = Math.min(limit, leastUpwards(groupRoot, parts[2], "memory.max"));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                Path mount = groupRoot.resolve("memory");
                limit = Math.min(limit, leastUpwards(mount, parts[2], "memory.limit_in_bytes"));
            }
        }
        return limit;
    }

    private static long leastUpwards(Path mount, String group, String file) {
        long least = Long.MAX_VALUE;
        Path path = mount.resolve(group.substring(1)).normalize();
        if (!path.startsWith(mount)) {
            path = mount;
        }
        while (path != null && path.startsWith(mount)) {
            for (String line : lines(path.resolve(file))) {
                least = Math.min(least, parse(line));
            }
            path = path.getParent();
        }
        return least;
    }

    /** A limit's line; {@code max} and anything else that is no positive number limits nothing. */
    private static long parse(String line) {
        try {
            long bytes = Long.parseLong(line.strip());
            return bytes > 0 ? bytes : Long.MAX_VALUE;
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
