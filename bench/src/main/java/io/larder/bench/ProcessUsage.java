package io.larder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used so far, as Linux's {@code /proc} tells it.
 *
 * @param cpuMicros user and system time of all its threads, ended ones too; a multiple of 10 ms
 * @param residentBytes memory it has resident now
 * @param residentBytesPeak the most it ever had
 */
public record ProcessUsage(long cpuMicros, long residentBytes, long residentBytesPeak) {
    private static final long MICROS_PER_TICK = 10_000; // the kernel's USER_HZ is 100 everywhere
    private static final int USER_TICKS_INDEX = 11; // counted after the name's closing bracket
    private static final int SYSTEM_TICKS_INDEX = 12;
    private static final int MACHINE_FIELDS = 8; // guests, after them, are in the first two
    private static final int MACHINE_IDLE_INDEX = 4;
    private static final int MACHINE_WAITING_INDEX = 5;

    /**
     * Reads the figures of a live process.
     *
     * @throws BenchException if there is no such process, or no {@code /proc}
     */
    public static ProcessUsage of(long pid) {
        Path directory = Path.of("/proc", Long.toString(pid));
        try {
            List<String> status = Files.readAllLines(directory.resolve("status"));
            return new ProcessUsage(
                    cpuMicros(Files.readString(directory.resolve("stat"))),
                    kibibytes(status, "VmRSS:") << 10,
                    kibibytes(status, "VmHWM:") << 10);
        } catch (IOException e) {
            throw new BenchException("process " + pid + ": " + e.getMessage(), e);
        }
    }

    /**
     * CPU time that all processes of the machine have used since it started, in microseconds: what
     * is neither idle nor waiting for a disk.
     *
     * @throws BenchException if there is no {@code /proc}
     */
    public static long machineCpuMicros() {
        try {
            return machineCpuMicros(Files.readAllLines(Path.of("/proc/stat")).get(0));
        } catch (IOException e) {
            throw new BenchException("machine: " + e.getMessage(), e);
        }
    }

    /**
     * Memory that processes could still take without swapping, in bytes.
     *
     * @throws BenchException if there is no {@code /proc}
     */
    public static long machineAvailableBytes() {
        try {
            return kibibytes(Files.readAllLines(Path.of("/proc/meminfo")), "MemAvailable:") << 10;
        } catch (IOException e) {
            throw new BenchException("machine: " + e.getMessage(), e);
        }
    }

    /** From {@code cpu user nice system idle iowait irq softirq steal …}, in ticks. */
    static long machineCpuMicros(String line) {
        String[] fields = line.trim().split(" +", -1);
        long ticks = 0;
        for (int i = 1; i <= MACHINE_FIELDS; i++) {
            if (i != MACHINE_IDLE_INDEX && i != MACHINE_WAITING_INDEX) {
                ticks += Long.parseLong(fields[i]);
            }
        }
        return ticks * MICROS_PER_TICK;
    }

    /** From a {@code stat} line, whose second field, the name, may hold anything at all. */
    static long cpuMicros(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks =
                Long.parseLong(fields[USER_TICKS_INDEX])
                        + Long.parseLong(fields[SYSTEM_TICKS_INDEX]);
        return ticks * MICROS_PER_TICK;
    }

    /** From {@code VmRSS: 1234 kB}; 0 if the line is missing, as it is of a dying process. */
    static long kibibytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
