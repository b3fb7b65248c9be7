package io.larder.client.spring;

import io.larder.client.api.Codec;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.NearOptions;
import io.larder.client.api.PutOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one cache behaves. Immutable: each method returns another one.
 *
 * @param values what values become and come back from
 * @param ttl after which a value is gone; null: the region's default, as the server has it
 * @param softTtl after which one caller in all programs loads a value anew while all are given the
 *     old one; for {@code sync = true}. Null: never
 * @param nullTtl after which a null is gone; null: as other values
 * @param storesNulls whether nulls are kept at all
 * @param near how much of it is kept in this program's memory; null: nothing
 * @param loadTimeout how long a {@code sync = true} call waits for another one's load
 */
public record CacheSettings(
        Codec<Object> values,
        @Nullable Duration ttl,
        @Nullable Duration softTtl,
        @Nullable Duration nullTtl,
        boolean storesNulls,
        @Nullable NearOptions near,
        Duration loadTimeout) {

    private static final Duration LOAD_TIMEOUT_DEFAULT = Duration.ofSeconds(10);

    /** The region's default TTL, nulls kept as long, nothing in this program's memory. */
    public static CacheSettings of(Codec<Object> values) {
        return new CacheSettings(values, null, null, null, true, null, LOAD_TIMEOUT_DEFAULT);
    }

    /** The same with other values. */
    public CacheSettings values(Codec<Object> newValues) {
        return new CacheSettings(newValues, ttl, softTtl, nullTtl, storesNulls, near, loadTimeout);
    }

    /** The same with another TTL. */
    public CacheSettings ttl(Duration newTtl) {
        return new CacheSettings(values, newTtl, softTtl, nullTtl, storesNulls, near, loadTimeout);
    }

    /** The same with another soft TTL. */
    public CacheSettings softTtl(Duration newSoftTtl) {
        return new CacheSettings(values, ttl, newSoftTtl, nullTtl, storesNulls, near, loadTimeout);
    }

    /** The same with another TTL of nulls. */
    public CacheSettings nullTtl(Duration newNullTtl) {
        return new CacheSettings(values, ttl, softTtl, newNullTtl, storesNulls, near, loadTimeout);
    }

    /** The same with nulls, or without. */
    public CacheSettings storesNulls(boolean newStoresNulls) {
        return new CacheSettings(values, ttl, softTtl, nullTtl, newStoresNulls, near, loadTimeout);
    }

    /** The same with copies in this program's memory; null for none. */
    public CacheSettings near(@Nullable NearOptions newNear) {
        return new CacheSettings(values, ttl, softTtl, nullTtl, storesNulls, newNear, loadTimeout);
    }

    /** The same with another time that loads may take. */
    public CacheSettings loadTimeout(Duration newLoadTimeout) {
        return new CacheSettings(values, ttl, softTtl, nullTtl, storesNulls, near, newLoadTimeout);
    }

    PutOptions putting() {
        PutOptions put = PutOptions.DEFAULT;
        put = ttl == null ? put : put.ttl(ttl);
        return softTtl == null ? put : put.softTtl(softTtl);
    }

    PutOptions puttingNull() {
        return nullTtl == null ? putting() : PutOptions.DEFAULT.ttl(nullTtl);
    }

    LoadOptions loading() {
        return LoadOptions.DEFAULT.storing(putting()).timeout(loadTimeout);
    }
}
