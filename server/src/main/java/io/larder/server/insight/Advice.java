package io.larder.server.insight;

import io.larder.protocol.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Sentences for an operator, made of what was learnt. Not for several threads at once. */
final class Advice {
    /** Of fewer reads nothing is said. */
    static final double READS_MIN = 1_000;

    /** What another size has to change in hits, of all reads, to be worth a sentence. */
    private static final double GAIN_MIN = 0.005;

    /** What less memory may cost, of all reads, to be offered. */
    private static final double LOSS_MAX = 0.001;

    /** What a prefix has to hold of the memory to be worth a sentence. */
    private static final double MEMORY_SHARE_MIN = 0.1;

    /** How many times its share of hits that has to be. */
    private static final double MEMORY_PER_HITS_MIN = 4;

    /** Late reads that there have to be in the sample, and as a share of all of the region. */
    private static final long LATE_SEEN_MIN = 10;

    private static final double LATE_SHARE_MIN = 0.01;

    private final List<String> sentences = new ArrayList<>();

    List<String> sentences() {
        return sentences;
    }

    /** What more memory would bring, or what could be spared. */
    void onMemory(List<CurvePoint> points) {
        if (points.isEmpty()) {
            return;
        }
        CurvePoint present = points.get(Miniatures.PRESENT);
        double mentioned = present.hitRatio();
        for (CurvePoint point : points.subList(Miniatures.PRESENT + 1, points.size())) {
            if (point.hitRatio() - mentioned >= GAIN_MIN) {
                mentioned = point.hitRatio();
                add(present, point);
            }
        }
        for (CurvePoint point : points.subList(0, Miniatures.PRESENT)) {
            if (present.hitRatio() - point.hitRatio() <= LOSS_MAX) {
                add(present, point);
                return;
            }
        }
    }

    private void add(CurvePoint present, CurvePoint other) {
        long bytes = other.bytes() - present.bytes();
        double hits = 100 * (other.hitRatio() - present.hitRatio());
        sentences.add(
                String.format(
                        Locale.ROOT,
                        "%s%s → %+.1f %% hits",
                        bytes < 0 ? "-" : "+",
                        size(Math.abs(bytes)),
                        bytes < 0 ? Math.min(-0.0, hits) : hits));
    }

    private static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        String digits = String.format(Locale.ROOT, amount < 10 ? "%.1f" : "%.0f", amount);
        return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits)
                + ' '
                + units[unit];
    }

    /** Which prefixes take more room than they are worth. */
    void onPrefixes(List<PrefixStats> prefixes, long hits) {
        long bytes = prefixes.stream().mapToLong(PrefixStats::bytes).sum();
        if (bytes == 0 || hits < READS_MIN) {
            return;
        }
        for (PrefixStats prefix : prefixes) {
            double memoryShare = (double) prefix.bytes() / bytes;
            double hitShare = (double) prefix.hits() / hits;
            if (memoryShare >= MEMORY_SHARE_MIN && memoryShare >= MEMORY_PER_HITS_MIN * hitShare) {
                sentences.add(
                        String.format(
                                Locale.ROOT,
                                "%s %.0f %% of memory for %.0f %% of hits",
                                subject(prefix),
                                100 * memoryShare,
                                100 * hitShare));
            }
        }
    }

    private static String subject(PrefixStats prefix) {
        return prefix.prefix().length == 0
                ? "keys without a prefix: hold"
                : "prefix " + QuotedText.answer(prefix.prefix()) + " holds";
    }

    /** Whether items of a region are asked for right after they have expired. */
    void onExpiry(String region, RegionTally tally) {
        double share = tally.reads.late() / Math.max(1, tally.reads.reads());
        if (tally.lateSeen() >= LATE_SEEN_MIN && share >= LATE_SHARE_MIN) {
            sentences.add(
                    String.format(
                            Locale.ROOT,
                            "TTL of region %s expires items that are read %s later: %.0f %% of its"
                                    + " reads",
                            region,
                            duration(tally.lateMillisMedian()),
                            100 * Math.min(1, share)));
        }
    }

    private static String duration(long millis) {
        if (millis < 1_000) {
            return millis + " ms";
        }
        long seconds = Math.round(millis / 1_000.0);
        return seconds < 120 ? seconds + " s" : TimeUnit.SECONDS.toMinutes(seconds) + " min";
    }
}
