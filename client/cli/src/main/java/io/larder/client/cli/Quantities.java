package io.larder.client.cli;

import java.util.Locale;

/** Writes numbers for people, short enough for a column. Stateless. */
final class Quantities {
    private static final String[] THOUSANDS = {"", "k", "M", "G", "T"};
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantities() {}

    /** {@code 950}, {@code 1.2k}, {@code 34M}. */
    static String count(double value) {
        return scaled(value, 1000, THOUSANDS, "");
    }

    /** {@code 950 B}, {@code 1.2 MiB}. */
    static String bytes(double value) {
        return scaled(value, 1024, BINARY, " ");
    }

    /** {@code 99.5 %}; a dash where there is none. */
    static String percent(double ratio) {
        return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }

    /** Nanoseconds: {@code 850 ns}, {@code 12.3 µs}, {@code 4.5 ms}, {@code 1.2 s}. */
    static String time(double nanos) {
        if (nanos < 1e3) {
            return String.format(Locale.ROOT, "%.0f ns", nanos);
        } else if (nanos < 1e6) {
            return String.format(Locale.ROOT, "%.1f µs", nanos / 1e3);
        } else if (nanos < 1e9) {
            return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
        }
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String scaled(double value, double step, String[] units, String gap) {
        int unit = 0;
        double rest = value;
        while (Math.abs(rest) >= step && unit < units.length - 1) {
            rest /= step;
            unit++;
        }
        boolean whole = unit == 0 || Math.abs(rest) >= 100;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", rest) + gap + units[unit];
    }
}
