package io.larder.client.spring.boot;

import io.larder.client.api.NearOptions;
import io.larder.client.spring.CacheSettings;
import io.larder.client.spring.JsonValues;
import io.larder.client.spring.boot.LarderProperties.Cache;
import io.larder.client.spring.boot.LarderProperties.Near;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The properties of caches as settings. */
final class SettingsOfCaches {
    private final CacheSettings defaults;

    /**
     * @param base of what the defaults do not say
     */
    SettingsOfCaches(CacheSettings base, Cache defaults) {
        this.defaults = with(base, defaults);
    }

    CacheSettings defaults() {
        return defaults;
    }

    /** By the caches' names. */
    Map<String, CacheSettings> named(Map<String, Cache> caches) {
        return caches.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, entry -> with(defaults, entry.getValue())));
    }

    private static CacheSettings with(CacheSettings settings, Cache cache) {
        CacheSettings result = settings;
        result = changed(result, cache.valueType(), (it, type) -> it.values(JsonValues.of(type)));
        result = changed(result, cache.ttl(), CacheSettings::ttl);
        result = changed(result, cache.softTtl(), CacheSettings::softTtl);
        result = changed(result, cache.nullTtl(), CacheSettings::nullTtl);
        result = changed(result, cache.loadTimeout(), CacheSettings::loadTimeout);
        result = changed(result, cache.cacheNulls(), CacheSettings::storesNulls);
        Near near = cache.near();
        Boolean isNear = near.enabled();
        if (isNear == null) {
            return result;
        }
        return result.near(isNear ? options(near) : null);
    }

    private static NearOptions options(Near near) {
        NearOptions options = NearOptions.DEFAULT;
        options = changed(options, near.size(), (it, size) -> it.withBytesMax(size.toBytes()));
        options = changed(options, near.entries(), NearOptions::withEntriesMax);
        return changed(options, near.heartbeat(), NearOptions::withHeartbeat);
    }

    private static <S, T> S changed(S settings, @Nullable T value, BiFunction<S, T, S> change) {
        return value == null ? settings : change.apply(settings, value);
    }
}
