package io.larder.bench.wire;

import io.larder.bench.ProcessUsage;
import java.util.concurrent.TimeUnit;

/**
 * The wall's clock and the CPU time used so far, or between two points in time. Immutable.
 *
 * @param wallMicros of a clock that only goes forward
 * @param serverMicros user and system time of the server's process
 * @param clientMicros of this process
 * @param machineMicros of all processes, these two among them
 */
public record CpuTimes(
        double wallMicros, double serverMicros, double clientMicros, double machineMicros) {
    private static final double MICROS_PER_SECOND = 1e6;

    /** Reads all of them. */
    public static CpuTimes now(long serverPid) {
        return new CpuTimes(
                TimeUnit.NANOSECONDS.toMicros(System.nanoTime()),
                ProcessUsage.of(serverPid).cpuMicros(),
                ProcessUsage.of(ProcessHandle.current().pid()).cpuMicros(),
                ProcessUsage.machineCpuMicros());
    }

    /** What was used since then. */
    public CpuTimes minus(CpuTimes earlier) {
        return new CpuTimes(
                wallMicros - earlier.wallMicros,
                serverMicros - earlier.serverMicros,
                clientMicros - earlier.clientMicros,
                machineMicros - earlier.machineMicros);
    }

    /** Of the wall's clock, in seconds. */
    double wallSeconds() {
        return wallMicros / MICROS_PER_SECOND;
    }

    /** What all other processes used. */
    double othersMicros() {
        return Math.max(0, machineMicros - serverMicros - clientMicros);
    }

    /** In percent of one processor. */
    public double percent(double cpuMicros) {
        return 100 * cpuMicros / wallMicros;
    }
}
