package io.larder.server.config;

/**
 * A setting that cannot be used. The message is one line for the operator: the key, the value,
 * where it came from and what was expected.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    static ConfigException of(String key, String value, String origin, String expected) {
        return new ConfigException(
                key
                        + ": "
                        + printable(value)
                        + " from "
                        + origin
                        + " (expected: "
                        + expected
                        + ")");
    }

    /** A value as it may stand in one line of a terminal, whatever was in it. */
    private static String printable(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        value.codePoints()
                .limit(100)
                .forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return text.append(value.codePointCount(0, value.length()) > 100 ? "…\"" : "\"").toString();
    }
}
