package io.larder.server.config;

import io.larder.server.config.ConfigKey.Effect;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that every region has: {@code region.<name>.ttl} and so on. They come into being by
 * being asked for; {@code conf/larder.conf} shows them for a region called {@code sessions}.
 */
public final class RegionKeys {
    private static final String NAME = "[a-z0-9._-]{1,64}";
    private static final Pattern FORM = Pattern.compile("region\\.(" + NAME + ")\\.([a-z-]+)");
    private static final Pattern ENVIRONMENT_FORM =
            Pattern.compile(
                    "LARDER_REGION_([A-Z0-9_]{1,64})_(TTL|MAX_IDLE|QUOTA|EVICT|ENGINE|FILE|ENTRIES|KEY_BYTES|VALUE_BYTES)");

    private static final long LIFETIME_MILLIS_MAX = 366 * 24 * 3_600_000L;
    private static final DurationType LIFETIME = new DurationType(0, LIFETIME_MILLIS_MAX);
    private static final SizeType QUOTA = SizeType.of(0, 2L << 40);
    private static final ChoiceType EVICT = ChoiceType.of("normal", "never");

    private static final ChoiceType ENGINE = ChoiceType.of("memory", "chronicle");
    private static final int ENTRIES_MAX = 1 << 30;
    private static final CountType ENTRIES = new CountType("entries", 1, ENTRIES_MAX);
    private static final SizeType KEY_BYTES = SizeType.of(1, 4095);
    private static final SizeType RECORD_VALUE_BYTES = SizeType.of(1, 512 << 10);

    private RegionKeys() {}

    /** The lifetime of items that are written without one; 0: they never expire. */
    public static ConfigKey<Long> ttl(String region) {
        return key(
                        region,
                        "ttl",
                        LIFETIME,
                        "0",
                        "Lifetime of items that are written without one; 0 is for ever")
                .live();
    }

    /** How long after its last read or write an item expires; 0: by its lifetime only. */
    public static ConfigKey<Long> maxIdle(String region) {
        return key(
                        region,
                        "max-idle",
                        LIFETIME,
                        "0",
                        "Time without a read or write after which an item expires, to an eighth of it; 0 is"
                                + " never")
                .live();
    }

    /** The most bytes of the region's items; 0: as many as the store holds. */
    public static ConfigKey<Long> quota(String region) {
        return key(
                region,
                "quota",
                QUOTA,
                "0",
                "Bytes of the region's items, headers included, above which its own make room; 0"
                        + " is no bound");
    }

    /** Whether items make room for others: {@code normal}, or {@code never}. */
    public static ConfigKey<String> evict(String region) {
        return key(
                region,
                "evict",
                EVICT,
                "normal",
                "never: items stay until they expire or are removed, and writes beyond the quota,"
                        + " which must be set, are refused");
    }

    /** What keeps the region's items. */
    public static ConfigKey<String> engine(String region) {
        return key(
                region,
                "engine",
                ENGINE,
                "memory",
                "What keeps the items: memory, or a persistent file of a fixed number of entries"
                        + " that evicts nothing");
    }

    /** Where that file is. */
    public static ConfigKey<String> file(String region) {
        return key(
                region,
                "file",
                new PathType(),
                PathType.NONE,
                "The file of engine = chronicle; its state lies beside it, as .state");
    }

    /** How many entries it has at most. */
    public static ConfigKey<Integer> entries(String region) {
        return key(
                region,
                "entries",
                ENTRIES,
                "1000000",
                "Entries of that file, beyond which new keys are refused; as it was made");
    }

    /** The usual length of a key. */
    public static ConfigKey<Long> keyBytes(String region) {
        return key(
                region,
                "key-bytes",
                KEY_BYTES,
                "24",
                "The average length of its keys, which the file's size is reckoned from");
    }

    /** The usual length of a value. */
    public static ConfigKey<Long> valueBytes(String region) {
        return key(
                region,
                "value-bytes",
                RECORD_VALUE_BYTES,
                "256",
                "The average length of its values; the longest has 512k");
    }

    private static <T> ConfigKey<T> key(
            String region, String last, ValueType<T> type, String defaultText, String text) {
        return new ConfigKey<>(
                "region." + region + '.' + last, type, defaultText, Effect.RESTART, text);
    }

    /** All keys of a region. */
    static List<ConfigKey<?>> all(String region) {
        return List.of(
                ttl(region),
                maxIdle(region),
                quota(region),
                evict(region),
                engine(region),
                file(region),
                entries(region),
                keyBytes(region),
                valueBytes(region));
    }

    /** The key of this name; null if it is none of a region's. */
    static @Nullable ConfigKey<?> find(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches()
                ? all(form.group(1)).stream()
                        .filter(key -> key.name().equals(name))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** What is nearest to a mistyped one: all keys of the region it names, if it names one. */
    static Stream<String> namesLike(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches() ? all(form.group(1)).stream().map(ConfigKey::name) : Stream.of();
    }

    /**
     * The key that an environment variable stands for; null if for none. A region whose name has a
     * dot or a dash cannot be named so.
     */
    static @Nullable String nameOfVariable(String variable) {
        Matcher form = ENVIRONMENT_FORM.matcher(variable);
        return form.matches()
                ? "region."
                        + form.group(1).toLowerCase(Locale.ROOT)
                        + '.'
                        + form.group(2).toLowerCase(Locale.ROOT).replace('_', '-')
                : null;
    }

    /** The region that a key is one of; null if of none. */
    static @Nullable String regionOf(ConfigKey<?> key) {
        Matcher form = FORM.matcher(key.name());
        return form.matches() ? form.group(1) : null;
    }
}
