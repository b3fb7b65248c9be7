package io.larder.server.http;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What the process and its JVM use, under the names that Prometheus's own libraries give such
 * figures. Where a system has no such figure it is left out. For any thread.
 */
final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final java.lang.management.OperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean();

    void addTo(MetricSnapshots.Builder snapshots) {
        addProcess(snapshots);
        addMemory(snapshots);
        snapshots.metricSnapshot(collections());
        snapshots.metricSnapshot(
                Samples.gauge(
                        "jvm_threads_current",
                        "Threads of the JVM",
                        ManagementFactory.getThreadMXBean().getThreadCount()));
    }

    private void addProcess(MetricSnapshots.Builder snapshots) {
        snapshots.metricSnapshot(
                Samples.gauge(
                        "process_start_time_seconds",
                        "When the process was started, in Unix time",
                        seconds(runtime.getStartTime())));
        if (system instanceof OperatingSystemMXBean process) {
            snapshots.metricSnapshot(
                    Samples.counter(
                            "process_cpu_seconds",
                            "Processor time used",
                            (double) process.getProcessCpuTime() / TimeUnit.SECONDS.toNanos(1)));
        }
        if (system instanceof UnixOperatingSystemMXBean unix) {
            snapshots
                    .metricSnapshot(
                            Samples.gauge(
                                    "process_open_fds",
                                    "Files and sockets that are open",
                                    unix.getOpenFileDescriptorCount()))
                    .metricSnapshot(
                            Samples.gauge(
                                    "process_max_fds",
                                    "Files and sockets that may be open",
                                    unix.getMaxFileDescriptorCount()));
        }
        OptionalLong resident = residentBytes();
        if (resident.isPresent()) {
            snapshots.metricSnapshot(
                    Samples.gauge(
                            "process_resident_memory_bytes",
                            "Memory that the process has in the machine's",
                            resident.getAsLong()));
        }
    }

    private void addMemory(MetricSnapshots.Builder snapshots) {
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage other = memory.getNonHeapMemoryUsage();
        snapshots
                .metricSnapshot(
                        areas(
                                "jvm_memory_used_bytes",
                                "Memory used",
                                heap.getUsed(),
                                other.getUsed()))
                .metricSnapshot(
                        areas(
                                "jvm_memory_max_bytes",
                                "Its limit; -1 is none",
                                heap.getMax(),
                                other.getMax()))
                .metricSnapshot(
                        Samples.gauge(
                                "larder_network_buffer_bytes",
                                "Memory held for what connections have read and have to send",
                                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()));
    }

    private static GaugeSnapshot areas(String name, String help, long heap, long other) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help + " by the JVM, the store apart")
                .dataPoint(Samples.gauge(Labels.of("area", "heap"), heap))
                .dataPoint(Samples.gauge(Labels.of("area", "nonheap"), other))
                .build();
    }

    private static SummarySnapshot collections() {
        SummarySnapshot.Builder collections =
                SummarySnapshot.builder()
                        .name("jvm_gc_collection_seconds")
                        .help("Time spent in garbage collections, by collector");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections.dataPoint(
                    SummaryDataPointSnapshot.builder()
                            .labels(Labels.of("gc", collector.getName()))
                            .count(Math.max(0, collector.getCollectionCount()))
                            .sum(seconds(Math.max(0, collector.getCollectionTime())))
                            .build());
        }
        return collections.build();
    }

    private static double seconds(long millis) {
        return millis / 1000.0;
    }

    /** A small file that the kernel makes up: reading it waits for no disk. */
    private static OptionalLong residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    String kibibytes = line.replaceAll("\\D", "");
                    return OptionalLong.of(Long.parseLong(kibibytes) << 10);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // not Linux
        }
        return OptionalLong.empty();
    }
}
