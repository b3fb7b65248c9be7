package io.larder.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one line that scripts read: {@code RESULT ycsb workload=a operations=1000 p99_micros=120}.
 * Keys are lower-case words with underscores, the unit last; values have no white space. Keys keep
 * the order in which they were put. For one thread.
 */
public final class ResultLine {
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern VALUE = Pattern.compile("\\S+");

    private final String head;
    private final Map<String, String> values = new LinkedHashMap<>();

    private ResultLine(String head, String name) {
        this.head = head + " " + require(KEY, "name", name);
    }

    /** The last line of the command of this name. */
    public static ResultLine of(String name) {
        return new ResultLine("RESULT", name);
    }

    /** One of several measurements that the command's last line sums up. */
    public static ResultLine point(String name) {
        return new ResultLine("POINT", name);
    }

    /** Adds a word or a number as it stands. */
    public ResultLine put(String key, Object value) {
        require(KEY, "key", key);
        if (values.putIfAbsent(key, require(VALUE, key, value.toString())) != null) {
            throw new IllegalArgumentException("key: " + key + " (expected: one not yet put)");
        }
        return this;
    }

    /** Adds a number with this many decimals. */
    public ResultLine put(String key, double value, int decimals) {
        return put(key, String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    private static String require(Pattern pattern, String name, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    name + ": \"" + text + "\" (expected: " + pattern + ")");
        }
        return text;
    }

    /** The line, without its end. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(head);
        values.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        return line.toString();
    }
}
