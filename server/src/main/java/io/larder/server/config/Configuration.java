package io.larder.server.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The value of every key, and where it came from. Immutable; safe for any thread.
 *
 * <p>Made by a {@link ConfigurationLoader}, or {@link #defaults} of nothing at all.
 */
public final class Configuration {
    private static final String ORIGIN_DEFAULT = "the default";

    private final Map<ConfigKey<?>, Setting> settings;
    private final Map<ConfigKey<?>, Object> values = new HashMap<>();

    /** Takes the one setting that won for each key that has any; their texts are valid. */
    Configuration(Map<ConfigKey<?>, Setting> settings) {
        this.settings = Map.copyOf(settings);
        for (ConfigKey<?> key : Keys.all()) {
            Setting setting = settings.get(key);
            values.put(key, parse(key, setting == null ? key.defaultText() : setting.text()));
        }
        for (String region : regions()) {
            for (ConfigKey<?> key : RegionKeys.all(region)) {
                values.put(key, parse(key, text(key)));
            }
        }
    }

    private static Object parse(ConfigKey<?> key, String text) {
        return key.type().parse(text);
    }

    /** What was set. */
    Collection<Setting> settings() {
        return settings.values();
    }

    /** What holds if nobody sets anything. */
    public static Configuration defaults() {
        return new Configuration(Map.of());
    }

    /** The regions of which anything was set, by name. */
    public SortedSet<String> regions() {
        SortedSet<String> regions = new TreeSet<>();
        for (ConfigKey<?> key : settings.keySet()) {
            String region = RegionKeys.regionOf(key);
            if (region != null) {
                regions.add(region);
            }
        }
        return regions;
    }

    /** The value of a key, in the key's unit. */
    @SuppressWarnings("unchecked") // the constructor parsed it with this key's own type
    public <T> T get(ConfigKey<T> key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key.name() + " (expected: one of Keys.all())");
        }
        return (T) value;
    }

    /** The keys that have another value here than there; regions' keys too. */
    List<ConfigKey<?>> differences(Configuration other) {
        Set<ConfigKey<?>> keys = new LinkedHashSet<>(values.keySet());
        keys.addAll(other.values.keySet());
        return keys.stream()
                .filter(key -> !parse(key, text(key)).equals(parse(key, other.text(key))))
                .toList();
    }

    /** The value as an operator writes it. */
    public String text(ConfigKey<?> key) {
        Setting setting = settings.get(key);
        return setting == null ? key.defaultText() : setting.text();
    }

    /** Where the value came from. */
    public String origin(ConfigKey<?> key) {
        Setting setting = settings.get(key);
        return setting == null ? ORIGIN_DEFAULT : setting.origin();
    }
}
