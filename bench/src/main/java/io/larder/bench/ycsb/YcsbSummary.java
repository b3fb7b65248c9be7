package io.larder.bench.ycsb;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The judgement over one phase of YCSB, read from its own text summary: lines such as {@code
 * [READ], Return=OK, 4971}. Immutable.
 */
/*
 * Counted are the calls to the database: READ, UPDATE, INSERT, SCAN, DELETE. A READ-MODIFY-WRITE is
 * not: YCSB counts its READ and its UPDATE by themselves too.
 *
 * VERIFY (-p dataintegrity=true) says OK, UNEXPECTED_STATE if a field is not what it should be, or
 * ERROR if a read brought no fields at all. The latter is what a read gives that found nothing or
 * failed, and those are counted already; only what exceeds them is a failure of its own: reads that
 * claimed success and brought nothing.
 */
final class YcsbSummary {
    private static final Pattern LINE = Pattern.compile("\\[([^]]+)], ([^,]+), (\\S+)");
    private static final String RETURN = "Return=";
    private static final Set<String> CALLS = Set.of("READ", "UPDATE", "INSERT", "SCAN", "DELETE");
    private static final String OK = "OK";
    private static final String NOT_FOUND = "NOT_FOUND";

    private final Map<String, Map<String, Long>> returns = new TreeMap<>();
    private double runtimeMillis;
    private double throughput;

    private YcsbSummary() {}

    /** Reads the lines that YCSB printed; those that are no part of the summary are skipped. */
    static YcsbSummary parse(List<String> lines) {
        YcsbSummary summary = new YcsbSummary();
        lines.forEach(summary::take);
        return summary;
    }

    private void take(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        String metric = matcher.group(1);
        String measurement = matcher.group(2);
        String value = matcher.group(3);
        if (measurement.startsWith(RETURN)) {
            returns.computeIfAbsent(metric, name -> new TreeMap<>())
                    .merge(measurement.substring(RETURN.length()), Long.valueOf(value), Long::sum);
        } else if (metric.equals("OVERALL") && measurement.equals("RunTime(ms)")) {
            runtimeMillis = Double.parseDouble(value);
        } else if (metric.equals("OVERALL") && measurement.equals("Throughput(ops/sec)")) {
            throughput = Double.parseDouble(value);
        }
    }

    /** Calls to the database, whatever came of them. */
    long calls() {
        return CALLS.stream().mapToLong(this::total).sum();
    }

    /** Operations of the workload that YCSB finished; a READ-MODIFY-WRITE is one. */
    long operations() {
        boolean isMeasurable = runtimeMillis > 0;
        return isMeasurable ? Math.round(throughput * runtimeMillis / 1_000) : calls();
    }

    /** Calls that found no record. */
    long misses() {
        return CALLS.stream().mapToLong(call -> count(call, NOT_FOUND)).sum();
    }

    /** Calls that ended otherwise than well or in a miss, and values that were not as written. */
    long failed() {
        long failedCalls =
                CALLS.stream().mapToLong(c -> total(c) - count(c, OK) - count(c, NOT_FOUND)).sum();
        return failedCalls + unverified();
    }

    private long unverified() {
        long readsWithoutFields = total("READ") - count("READ", OK);
        long excess = Math.max(0, count("VERIFY", "ERROR") - readsWithoutFields);
        long notOk = total("VERIFY") - count("VERIFY", OK) - count("VERIFY", "ERROR");
        return notOk + excess;
    }

    /** Reads whose fields were all found as written; 0 unless YCSB verified. */
    long verified() {
        return count("VERIFY", OK);
    }

    /** How often this call ended with this status. */
    long count(String call, String status) {
        return returns.getOrDefault(call, Map.of()).getOrDefault(status, 0L);
    }

    /** How often this call was made. */
    long total(String call) {
        return returns.getOrDefault(call, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Wall time of the phase in milliseconds, as YCSB took it; 0 if there is no summary. */
    double runtimeMillis() {
        return runtimeMillis;
    }

    /** Operations a second, as YCSB computed it. */
    double throughput() {
        return throughput;
    }
}
