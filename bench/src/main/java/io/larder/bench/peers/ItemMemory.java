package io.larder.bench.peers;

import io.larder.bench.BenchException;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.wire.KeySequence;
import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.bench.wire.WireGenerator;
import io.larder.bench.wire.WireItems;
import io.larder.bench.wire.WireTally;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What an item takes beside its key and value: the growth of a server's resident memory while items
 * are stored, less their bytes. Each server is started anew for each size. For one thread.
 */
/*
 * A hundredth of the items is stored and then read for a while before the first look, so that what
 * a server sets up once is not counted as the items'. It only reads meanwhile: what overwrites
 * leave behind would be room for the items that are counted.
 */
final class ItemMemory {
    private static final int CONNECTIONS = 8;
    private static final int WARMUP_DEPTH = 16;
    private static final int WARMUP_PARTS = 100;
    private static final long SETTLE_MILLIS = 1_000;

    /** What is stored: as many items of such a value, and the most bytes that one may take. */
    enum Size {
        SMALL(2_000_000, 32, 40),
        MEDIUM(2_000_000, 100, 40),
        LARGE(500_000, 1_024, 60);

        private final int items;
        private final int valueBytes;
        private final double overheadMax;

        Size(int items, int valueBytes, double overheadMax) {
            this.items = items;
            this.valueBytes = valueBytes;
            this.overheadMax = overheadMax;
        }
    }

    private final PeersPlan plan;
    private final double scale;
    private final PrintWriter out;
    private final WireTally tally = new WireTally();
    private final ResultLine result = ResultLine.of("peers");
    private int missed;

    /**
     * @param scale of the numbers of items; 1 for those of the sizes
     */
    ItemMemory(PeersPlan plan, double scale, PrintWriter out) {
        this.plan = plan;
        this.scale = scale;
        this.out = out;
    }

    /** Measures, and prints a line for each size. */
    PeersRun.Outcome run() {
        Set<Maker> makers = PeersRun.makers(plan.pairs());
        ServerSet.requirePrograms(makers, plan.servers());
        List<String> titles = makers.stream().map(maker -> PeersRun.sideOf(maker).title()).toList();
        out.println("| items | " + String.join(" | ", titles) + " |");
        out.println("| --- |" + " ---: |".repeat(makers.size()));
        for (Size size : Size.values()) {
            int items = (int) (size.items * scale);
            List<String> cells = new ArrayList<>();
            cells.add(
                    String.format(
                            "%,d × (%d + %d B)", items, WireItems.KEY_BYTES, size.valueBytes));
            for (Maker maker : makers) {
                double bytes = measure(maker, items, size.valueBytes);
                boolean isMissed = maker == Maker.LARDER && bytes > size.overheadMax;
                missed += isMissed ? 1 : 0;
                cells.add(String.format(isMissed ? "**%.1f**" : "%.1f", bytes));
                result.put(maker.label() + "_bytes_" + size.valueBytes, bytes, 1);
            }
            out.println("| " + String.join(" | ", cells) + " |");
            out.flush();
        }
        result.put("missed_targets", missed)
                .put("operations", tally.operations())
                .put("misses", tally.misses())
                .put("failed", tally.failed())
                .put("huge_pages", ServerSet.isHugePages());
        boolean holds = missed == 0 && tally.misses() == 0 && tally.failed() == 0;
        return new PeersRun.Outcome(result, holds);
    }

    /** Bytes of an item beside its own. */
    private double measure(Maker maker, int items, int valueBytes) {
        ServerSet.Spec spec =
                new ServerSet.Spec(
                        Set.of(maker),
                        1,
                        PeersRun.memoryMebibytes(items, valueBytes),
                        plan.servers(),
                        plan.definitions());
        Side side = PeersRun.sideOf(maker);
        WireGenerator.Size size = new WireGenerator.Size(CONNECTIONS, WARMUP_DEPTH);
        try (ServerSet servers = ServerSet.start(spec);
                WireGenerator generator =
                        WireGenerator.connect(
                                servers.address(side),
                                side.protocol(),
                                new WireItems(valueBytes),
                                size)) {
            int first = Math.max(1, items / WARMUP_PARTS);
            generator.store(0, first, tally);
            read(generator, first);
            settle();
            long before = ProcessUsage.of(servers.pid(maker)).residentBytes();
            generator.store(first, items, tally);
            settle();
            long grown = ProcessUsage.of(servers.pid(maker)).residentBytes() - before;
            read(generator, items);
            double bytes = (double) grown / (items - first) - WireItems.KEY_BYTES - valueBytes;
            Progress.say(
                    "peers: %s, values of %d B: grown by %,d B, %.1f B an item beside its own",
                    side.title(), valueBytes, grown, bytes);
            return bytes;
        }
    }

    /** Reads for the time of a warm-up; all have to be there. */
    private void read(WireGenerator generator, int keys) {
        KeySequence sequence = KeySequence.draw(Distribution.uniform, keys);
        long nanos = (long) (plan.warmupSeconds() * TimeUnit.SECONDS.toNanos(1));
        generator.run(new WireGenerator.Load(sequence, WARMUP_DEPTH, 0), nanos, tally);
    }

    private static void settle() {
        try {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while a server settled", e);
        }
    }
}
