package io.larder.client.cli;

import io.larder.client.Larder;
import java.io.PrintWriter;
import java.util.Locale;

/** {@code cli --stat}: a line every second of what the server does. */
final class StatMode {
    private static final int HEAD_EVERY = 20;
    private static final String ROW = "%9s %11s %11s %9s %9s %7s %9s %9s %11s";

    private StatMode() {}

    /** Runs until the repetition ends. Locking: blocks. */
    static void run(Larder larder, Repetition repetition, PrintWriter out)
            throws InterruptedException {
        Figures before = sample(larder);
        for (int row = 0; repetition.next(); row++) {
            repetition.pause();
            Figures now = sample(larder);
            if (row % HEAD_EVERY == 0) {
                out.println(
                        String.format(
                                Locale.ROOT,
                                ROW,
                                "items",
                                "live",
                                "used",
                                "hits/s",
                                "misses/s",
                                "ratio",
                                "evict/s",
                                "expire/s",
                                "connections"));
            }
            out.println(row(before, now));
            out.flush();
            before = now;
        }
    }

    private static Figures sample(Larder larder) {
        return Figures.of(larder.stats(), System.nanoTime());
    }

    private static String row(Figures before, Figures now) {
        return String.format(
                Locale.ROOT,
                ROW,
                Quantities.count(now.get("items")),
                Quantities.bytes(now.get("bytes_live")),
                Quantities.bytes(now.usedBytes()),
                Quantities.count(now.perSecond(before, "hits")),
                Quantities.count(now.perSecond(before, "misses")),
                Quantities.percent(now.hitRatio(before)),
                Quantities.count(now.perSecond(before, "evictions")),
                Quantities.count(now.perSecond(before, "expirations")),
                Quantities.count(now.get("connections")));
    }
}
