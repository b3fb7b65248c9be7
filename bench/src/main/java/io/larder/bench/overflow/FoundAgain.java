package io.larder.bench.overflow;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.client.api.AsyncBytesCache;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** How many of more values than memory holds, each set and read twice, are found again. */
final class FoundAgain {
    private static final int MEMORY_MIB = 32;
    private static final int DISK_MIB = 512;

    /**
     * What came of it.
     *
     * @param found of all
     * @param wrong values that were another key's, or none at all
     * @param fromDisk reads that the server answered from disk
     */
    record Outcome(int values, long found, long wrong, long fromDisk) {
        double percent() {
            return 100.0 * found / values;
        }
    }

    private FoundAgain() {}

    static Outcome run(int count, int valueBytes) throws IOException {
        Values values = new Values("v", valueBytes);
        AtomicLong found = new AtomicLong();
        AtomicLong wrong = new AtomicLong();
        try (OverflowServer server = OverflowServer.start(MEMORY_MIB, DISK_MIB)) {
            AsyncBytesCache cache = server.larder().cache().async();
            Progress.say("overflow: %d values through %d MiB", count, MEMORY_MIB);
            new Calls()
                    .each(
                            count,
                            i ->
                                    cache.put(values.key(i), values.value(i))
                                            .thenCompose(done -> cache.get(values.key(i)))
                                            .thenCompose(once -> cache.get(values.key(i))));
            new Calls()
                    .each(
                            count,
                            i ->
                                    cache.get(values.key(i))
                                            .thenAccept(
                                                    value -> {
                                                        if (value.isPresent()) {
                                                            found.incrementAndGet();
                                                            if (!values.isRight(i, value.get())) {
                                                                wrong.incrementAndGet();
                                                            }
                                                        }
                                                    }));
            long fromDisk = server.stat("tier_hits") + server.stat("tier_taken_back");
            server.stop();
            if (fromDisk == 0) {
                throw new BenchException("overflow: 0 reads from disk (expected: some)");
            }
            return new Outcome(count, found.get(), wrong.get(), fromDisk);
        }
    }
}
