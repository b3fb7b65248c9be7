package io.larder.server.config;

import java.util.Locale;

/**
 * One thing an operator may set.
 *
 * @param name as written in the file and after {@code -D}: lower case, dots and dashes
 * @param type unit, range and form of the value
 * @param defaultText the value if nobody sets it, in the form an operator would write
 * @param effect when a change of it takes effect
 * @param description one sentence, for {@code conf/larder.conf}
 */
public record ConfigKey<T>(
        String name, ValueType<T> type, String defaultText, Effect effect, String description) {

    /** When a changed value takes effect. */
    public enum Effect {
        /** At the next start. */
        RESTART,
        /** At once. */
        LIVE
    }

    private static final String ENVIRONMENT_PREFIX = "LARDER_";

    public ConfigKey {
        type.parse(defaultText);
    }

    /** The same, whose changes take effect at once. */
    ConfigKey<T> live() {
        return new ConfigKey<>(name, type, defaultText, Effect.LIVE, description);
    }

    /** Its name among environment variables: {@code LARDER_STORE_MEMORY}. */
    public String environmentName() {
        return environmentName(name);
    }

    static String environmentName(String name) {
        return ENVIRONMENT_PREFIX
                + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
