package io.larder.bench.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What one measurement has found.
 *
 * @param callsPerSecond of the whole contender
 * @param cpuMicros of the contender's process, for each call
 * @param microsP50 a call's time from when it was due
 * @param microsP99 the same, 99 of 100 are below
 * @param microsP999 the same, 999 of 1,000 are below
 * @param calls that were made
 * @param wrong of those with a miss, an error or a value of another length
 */
record Sample(
        double callsPerSecond,
        double cpuMicros,
        double microsP50,
        double microsP99,
        double microsP999,
        long calls,
        long wrong) {

    private static final String HEAD = "SAMPLE";

    /** One line, for {@link #parse}. */
    String format() {
        List<String> words = new ArrayList<>(List.of(HEAD));
        for (double number :
                new double[] {callsPerSecond, cpuMicros, microsP50, microsP99, microsP999}) {
            words.add(Double.toString(number));
        }
        words.add(Long.toString(calls));
        words.add(Long.toString(wrong));
        return String.join(" ", words);
    }

    /** True if this line was made by {@link #format}. */
    static boolean isOne(String line) {
        return line.startsWith(HEAD + ' ');
    }

    /** Reads such a line. */
    static Sample parse(String line) {
        String[] words = line.split(" ", -1);
        return new Sample(
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                Double.parseDouble(words[4]),
                Double.parseDouble(words[5]),
                Long.parseLong(words[6]),
                Long.parseLong(words[7]));
    }
}
