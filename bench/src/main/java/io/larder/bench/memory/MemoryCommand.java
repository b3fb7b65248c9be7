package io.larder.bench.memory;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.MemorySize;
import io.larder.bench.OwnJvm;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.server.store.Key;
import io.larder.server.store.StoreStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench memory}: what an item and a budget take. */
@Command(
        name = "memory",
        description = "Measures the memory that items take beside their bytes, and a full store's.",
        mixinStandardHelpOptions = true)
public final class MemoryCommand implements Callable<Integer> {
    private static final int ITEMS_MIN = 1_000;
    private static final int ITEMS_MAX = 1_000_000_000;
    private static final int VALUE_BYTES_MAX = 16 << 10;
    private static final long HEAP_BYTES = 64L << 20;
    private static final long MEMORY_BYTES_MIN = 4L << 20;

    /** What an item may take beside key and value, for the budget's default. */
    private static final int OVERHEAD_BYTES = 48;

    @Option(names = "--items", description = "To be there together; default ${DEFAULT-VALUE}.")
    private int items = 10_000_000;

    @Option(names = "--key-bytes", description = "Of each key; default ${DEFAULT-VALUE}.")
    private int keyBytes = 20;

    @Option(names = "--value-bytes", description = "Of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 32;

    @Option(
            names = "--memory",
            converter = MemorySize.class,
            description = "The store's budget; default what the items need and some more.")
    private long memoryBytes;

    @Option(
            names = "--overhead-max",
            description = "Bytes per item beside key and value, at most; default ${DEFAULT-VALUE}.")
    private double overheadMax = 36;

    @Option(
            names = "--growth-max",
            description =
                    "Resident growth in percent of the budget, at most; default ${DEFAULT-VALUE}.")
    private double growthMax = 102;

    @Option(names = OwnJvm.INNER, hidden = true)
    private boolean inner;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public MemoryCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--items", items, ITEMS_MIN, ITEMS_MAX);
        requireRange(spec, "--key-bytes", keyBytes, MemoryRun.KEY_BYTES_MIN, Key.BYTES_MAX);
        requireRange(spec, "--value-bytes", valueBytes, 0, VALUE_BYTES_MAX);
        if (!inner) {
            return OwnJvm.run(spec, OwnJvm.steadyHeap(HEAP_BYTES), Duration.ofHours(2));
        }
        MemoryRun.Plan plan =
                new MemoryRun.Plan(
                        items,
                        keyBytes,
                        valueBytes,
                        memoryBytes == 0 ? memoryNeeded() : memoryBytes);
        MemoryRun.Outcome outcome = MemoryRun.run(plan);
        StoreStats filled = outcome.filled();
        if (filled.items() == 0 || outcome.full().evictions() == 0) {
            throw new BenchException(
                    String.format(
                            "items %d, evictions %d (expected: both; the store was never full)",
                            filled.items(), outcome.full().evictions()));
        }
        double growth = 100.0 * outcome.fullBytes() / plan.memoryBytes();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("memory")
                        .put("items", filled.items())
                        .put("overhead_bytes_per_item", filled.overheadBytesPerItem(), 2)
                        .put("memory_limit_bytes", plan.memoryBytes())
                        .put("bytes_live", filled.bytesLive())
                        .put("bytes_index", filled.bytesIndex())
                        .put("rss_growth_filled_bytes", outcome.filledBytes())
                        .put("rss_growth_full_bytes", outcome.fullBytes())
                        .put("rss_growth_percent", growth, 2)
                        .put("items_full", outcome.full().items())
                        .put("key_bytes", keyBytes)
                        .put("value_bytes", valueBytes));
        out.flush();
        return holds(filled, growth) ? 0 : BenchMain.EXIT_BROKEN;
    }

    private long memoryNeeded() {
        return Math.max(MEMORY_BYTES_MIN, items * (long) (keyBytes + valueBytes + OVERHEAD_BYTES));
    }

    private boolean holds(StoreStats filled, double growth) {
        boolean allThere = filled.items() == items;
        if (!allThere) {
            Progress.say("memory: items: %d (expected: %d)", filled.items(), items);
        }
        return allThere && filled.overheadBytesPerItem() <= overheadMax && growth <= growthMax;
    }
}
