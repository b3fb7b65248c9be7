package io.larder.bench.store;

import io.larder.bench.JavaCommand;
import java.util.ArrayList;
import java.util.List;

/** The engines, how each is opened and what it asks of its JVM. */
public enum EngineKind {
    /** Larder's store with its maintenance. */
    larder(0, LarderEngine.BYTES_PER_ITEM),
    /** {@link java.util.concurrent.ConcurrentHashMap}. */
    chm(400, 0),
    /** Caffeine, bounded, with room for all items. */
    caffeine(500, 0),
    /** Chronicle Map in memory. */
    chronicle(0, 220),
    /** OHC, the linked implementation. */
    ohc(0, OhcEngine.BYTES_PER_ITEM);

    /** For the probes of two threads, JMH, and to spare. */
    private static final long HEAP_BYTES_BASE = 768L << 20;

    private final long heapBytesPerItem;
    private final long otherBytesPerItem;

    EngineKind(long heapBytesPerItem, long otherBytesPerItem) {
        this.heapBytesPerItem = heapBytesPerItem;
        this.otherBytesPerItem = otherBytesPerItem;
    }

    /** An empty one with room for so many items. */
    Engine open(int items) {
        return switch (this) {
            case larder -> new LarderEngine(items);
            case chm -> new MapEngine(items);
            case caffeine -> new CaffeineEngine(items);
            case chronicle -> new ChronicleEngine(items);
            case ohc -> new OhcEngine(items);
        };
    }

    /** About what its process takes with so many items. */
    long processBytes(int items) {
        return heapBytes(items) + otherBytesPerItem * items;
    }

    private long heapBytes(int items) {
        return HEAP_BYTES_BASE + heapBytesPerItem * items;
    }

    /**
     * Options of the JVM it is measured in: the same collector for all, a heap of fixed size, and
     * huge pages for heap (and, by the launcher's environment, {@code malloc}) where the kernel
     * gives them on request.
     */
    List<String> jvmOptions(int items) {
        long heapMebibytes = heapBytes(items) >> 20;
        List<String> options = new ArrayList<>(JavaCommand.accessOptions());
        options.add(JavaCommand.logOption());
        options.add("-Xms" + heapMebibytes + "m");
        options.add("-Xmx" + heapMebibytes + "m");
        options.add("-XX:+UseParallelGC");
        options.add("-XX:+UseTransparentHugePages");
        if (this == chronicle) {
            options.add("--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");
            options.add("--add-exports=java.base/jdk.internal.util=ALL-UNNAMED");
            options.add("-Dchronicle.analytics.disable=true");
        }
        return options;
    }
}
