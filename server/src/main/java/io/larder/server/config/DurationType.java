package io.larder.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in milliseconds: plain, or with ms, s, m or h.
 *
 * @param millisMin the least
 * @param millisMax the most
 */
public record DurationType(long millisMin, long millisMax) implements ValueType<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) *(ms|s|m|h|)");

    @Override
    public Long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new NumberFormatException(text);
        }
        long factor =
                switch (form.group(2)) {
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    default -> 1;
                };
        long number = ValueType.requireRange(Long.parseLong(form.group(1)), 0, millisMax / factor);
        return ValueType.requireRange(number * factor, millisMin, millisMax);
    }

    @Override
    public String expected() {
        return "a time of " + millisMin + ".." + millisMax + " ms, as 250, 250ms, 10s, 5m or 1h";
    }

    @Override
    public String unit() {
        return "milliseconds";
    }
}
