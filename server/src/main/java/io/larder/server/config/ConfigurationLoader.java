package io.larder.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers settings and makes a {@link Configuration} of them. Of several settings of one key the
 * file's yields to the environment's, and that to {@code -D}'s, whatever the order of the calls;
 * among {@code -D}s the last wins. Every setting must be right, also one that is overridden.
 *
 * <p>For one thread. Every method throws {@link ConfigException} for what cannot be used.
 */
public final class ConfigurationLoader {
    /** How much of the store's memory may be given to regions that are never evicted. */
    private static final int NEVER_EVICTED_PERCENT_MAX = 80;

    /** Variables of the launcher's own. */
    private static final Set<String> NOT_SETTINGS =
            Set.of("LARDER_JAVA_HOME", "LARDER_JAVA_OPTS", "LARDER_MAVEN_ARGS");

    /** What Kubernetes puts into every container when a service is called larder or larder-x. */
    private static final Pattern SERVICE_NAME =
            Pattern.compile("LARDER(_[A-Z0-9_]+)?_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)");

    private static final Pattern SERVICE_PORT_NAME =
            Pattern.compile(
                    "LARDER(_[A-Z0-9_]+)?_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private final List<Setting> fileSettings = new ArrayList<>();
    private final List<Setting> environmentSettings = new ArrayList<>();
    private final List<Setting> definitions = new ArrayList<>();

    private @Nullable Path file;
    private final Map<String, Setting> changes = new TreeMap<>();

    /** One that has loaded this. */
    static ConfigurationLoader of(Configuration configuration) {
        ConfigurationLoader loader = new ConfigurationLoader();
        loader.definitions.addAll(configuration.settings());
        return loader;
    }

    /** Reads a file of {@code key = value} lines in the syntax of {@link java.util.Properties}. */
    public ConfigurationLoader file(Path newFile) {
        fileSettings.addAll(PropertiesReader.read(newFile));
        file = newFile;
        return this;
    }

    /** The file that was read; null if none was. */
    @Nullable Path file() {
        return file;
    }

    /**
     * Reads the file again, if there is one: what the environment and {@code -D} say stays.
     *
     * @throws ConfigException if it cannot be read; then what it said before stays
     */
    void reread() {
        if (file != null) {
            List<Setting> read = PropertiesReader.read(file);
            fileSettings.clear();
            fileSettings.addAll(read);
        }
    }

    /** Has a setting win over all others, until another one of its name does. */
    void change(Setting setting) {
        changes.put(setting.name(), setting);
    }

    /** What was {@link #change}d, by name. */
    Map<String, String> changes() {
        Map<String, String> texts = new TreeMap<>();
        changes.forEach((name, setting) -> texts.put(name, setting.text()));
        return texts;
    }

    void forgetChanges() {
        changes.clear();
    }

    /** A copy, to try a change with. */
    ConfigurationLoader copy() {
        ConfigurationLoader copy = new ConfigurationLoader();
        copy.file = file;
        copy.fileSettings.addAll(fileSettings);
        copy.environmentSettings.addAll(environmentSettings);
        copy.definitions.addAll(definitions);
        copy.changes.putAll(changes);
        return copy;
    }

    /** Takes the variables that begin with {@code LARDER_}, as {@code LARDER_STORE_MEMORY}. */
    public ConfigurationLoader environment(Map<String, String> environment) {
        Map<String, String> names = new HashMap<>();
        Keys.all().forEach(key -> names.put(key.environmentName(), key.name()));
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = names.get(variable.getKey());
            if (name == null) {
                name = RegionKeys.nameOfVariable(variable.getKey());
            }
            if (name != null) {
                String origin = "the environment, " + variable.getKey();
                environmentSettings.add(new Setting(name, variable.getValue().strip(), origin));
            } else if (looksLikeSetting(variable.getKey(), variable.getValue())) {
                throw unknown(
                        variable.getKey(), variable.getValue(), "the environment", names.keySet());
            }
        }
        return this;
    }

    private static boolean looksLikeSetting(String name, String value) {
        return name.startsWith("LARDER_")
                && !NOT_SETTINGS.contains(name)
                && !SERVICE_NAME.matcher(name).matches()
                && !(SERVICE_PORT_NAME.matcher(name).matches()
                        && (name.indexOf("_PORT_") > 0
                                || SERVICE_ADDRESS.matcher(value).matches()));
    }

    /** Takes what followed {@code -D}: {@code key=value}. */
    public ConfigurationLoader define(String definition) {
        int equals = definition.indexOf('=');
        if (equals < 1) {
            throw new ConfigException(
                    "-D " + definition + " (expected: key=value, as -D store.memory=64m)");
        }
        String name = definition.substring(0, equals).strip();
        definitions.add(new Setting(name, definition.substring(equals + 1).strip(), "-D"));
        return this;
    }

    /** The value of every key. */
    public Configuration load() {
        Map<ConfigKey<?>, Setting> winners = new HashMap<>();
        for (Collection<Setting> source :
                List.of(fileSettings, environmentSettings, definitions, changes.values())) {
            for (Setting setting : source) {
                winners.put(check(setting), setting);
            }
        }
        return checkTogether(new Configuration(winners));
    }

    private static Configuration checkTogether(Configuration configuration) {
        if (configuration.get(Keys.WRITE_LOW_WATERMARK)
                > configuration.get(Keys.WRITE_HIGH_WATERMARK)) {
            throw ConfigException.of(
                    Keys.WRITE_LOW_WATERMARK.name(),
                    configuration.text(Keys.WRITE_LOW_WATERMARK),
                    configuration.origin(Keys.WRITE_LOW_WATERMARK),
                    "at most "
                            + Keys.WRITE_HIGH_WATERMARK.name()
                            + ", which is "
                            + configuration.text(Keys.WRITE_HIGH_WATERMARK));
        }
        checkMemory(configuration);
        checkQuotas(configuration);
        return configuration;
    }

    private static void checkMemory(Configuration configuration) {
        long memoryBytes = configuration.get(Keys.STORE_MEMORY);
        long memoryBytesMax = configuration.get(Keys.STORE_MEMORY_MAX);
        if (memoryBytesMax != 0 && memoryBytesMax < memoryBytes) {
            throw ConfigException.of(
                    Keys.STORE_MEMORY_MAX.name(),
                    configuration.text(Keys.STORE_MEMORY_MAX),
                    configuration.origin(Keys.STORE_MEMORY_MAX),
                    "0, or at least "
                            + Keys.STORE_MEMORY.name()
                            + ", which is "
                            + SizeType.format(memoryBytes));
        }
    }

    /** What is never evicted must leave room for everything else. */
    private static void checkQuotas(Configuration configuration) {
        long memoryBytes = configuration.get(Keys.STORE_MEMORY);
        long most = memoryBytes / 100 * NEVER_EVICTED_PERCENT_MAX;
        long sum = 0;
        for (String region : configuration.regions()) {
            ConfigKey<String> evict = RegionKeys.evict(region);
            if (!configuration.get(evict).equals("never")) {
                continue;
            }
            ConfigKey<Long> quota = RegionKeys.quota(region);
            long quotaBytes = configuration.get(quota);
            if (quotaBytes == 0) {
                throw ConfigException.of(
                        evict.name(),
                        configuration.text(evict),
                        configuration.origin(evict),
                        "normal, unless " + quota.name() + " is set");
            }
            sum += quotaBytes;
            if (sum > most) {
                throw ConfigException.of(
                        quota.name(),
                        configuration.text(quota),
                        configuration.origin(quota),
                        "all regions that are never evicted together at most "
                                + NEVER_EVICTED_PERCENT_MAX
                                + "% of "
                                + Keys.STORE_MEMORY.name()
                                + ", which is "
                                + most
                                + " bytes");
            }
        }
    }

    private static ConfigKey<?> check(Setting setting) {
        ConfigKey<?> key = Keys.find(setting.name());
        if (key == null) {
            key = RegionKeys.find(setting.name());
        }
        if (key == null) {
            List<String> names =
                    Stream.concat(
                                    RegionKeys.namesLike(setting.name()),
                                    Keys.all().stream().map(ConfigKey::name))
                            .toList();
            throw unknown(setting.name(), setting.text(), setting.origin(), names);
        }
        try {
            key.type().parse(setting.text());
        } catch (IllegalArgumentException e) {
            throw ConfigException.of(
                    setting.name(), setting.text(), setting.origin(), key.type().expected());
        }
        return key;
    }

    private static ConfigException unknown(
            String name, String text, String origin, Iterable<String> names) {
        String nearest = NearestName.of(name, names);
        return ConfigException.of(
                "unknown key " + name,
                text,
                origin,
                nearest == null ? "a key of conf/larder.conf" : "perhaps " + nearest);
    }
}
