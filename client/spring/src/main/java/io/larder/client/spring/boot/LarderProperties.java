package io.larder.client.spring.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of Larder in an application.
 *
 * @param uri of the server, or of several: {@code larder://one:7170,two:7170}; {@code larders://}
 *     for TLS
 * @param whenUnavailable what becomes of the application while no server answers
 * @param requestTimeout how long a call may take
 * @param connectTimeout how long one attempt to connect may take
 * @param clientName what the server's operator sees; by default the application's name
 * @param hotKeyAge how old the value of a key may be that very many read; 0: it is asked for
 * @param user as whom the client asks, with a password
 * @param password of that user
 * @param token that says who the client is, instead of both
 * @param trust certificates, in PEM, that servers may show
 * @param certificate in PEM, that the client shows
 * @param key of that certificate
 * @param packages whose classes cached values may have; by default those of the application
 * @param cache of caches that have no settings of their own
 * @param caches settings by the caches' names; what they lack is that of {@code cache}
 * @param session of web sessions
 */
@ConfigurationProperties("larder")
public record LarderProperties(
        @DefaultValue("larder://127.0.0.1:7170") String uri,
        @DefaultValue("degrade") WhenUnavailable whenUnavailable,
        @DefaultValue("1s") Duration requestTimeout,
        @DefaultValue("5s") Duration connectTimeout,
        @Nullable String clientName,
        @DefaultValue("0ms") Duration hotKeyAge,
        @Nullable String user,
        @Nullable String password,
        @Nullable String token,
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key,
        @DefaultValue List<String> packages,
        @DefaultValue Cache cache,
        @DefaultValue Map<String, Cache> caches,
        @DefaultValue Session session) {

    /** Without what is secret. */
    @Override
    public String toString() {
        return "LarderProperties[uri=" + uri + ", user=" + user + ']';
    }

    /** What becomes of the application while no server answers. */
    public enum WhenUnavailable {
        /** It does not start, and calls fail. */
        FAIL,
        /** It starts, and goes on without the cache. */
        DEGRADE
    }

    /**
     * Settings of a cache.
     *
     * @param ttl after which a value is gone; by default the region's, as the server has it
     * @param softTtl after which one caller loads a value anew, while all are given the old one
     * @param nullTtl after which a null is gone; by default as other values
     * @param cacheNulls whether nulls are kept; by default yes
     * @param valueType the values' class, if it is always the same; by default values say it
     * @param loadTimeout how long {@code sync = true} waits for another one's load; by default 10 s
     * @param near copies in this program's memory
     */
    public record Cache(
            @Nullable Duration ttl,
            @Nullable Duration softTtl,
            @Nullable Duration nullTtl,
            @Nullable Boolean cacheNulls,
            @Nullable Class<?> valueType,
            @Nullable Duration loadTimeout,
            @DefaultValue Near near) {}

    /**
     * Copies of a cache's values in this program's memory.
     *
     * @param enabled whether there are any; by default no
     * @param size how much memory they may take; by default 64 MB
     * @param entries how many there may be; by default 100,000
     * @param heartbeat a copy is at most two of them behind; by default 500 ms
     */
    public record Near(
            @Nullable Boolean enabled,
            @Nullable DataSize size,
            @Nullable Integer entries,
            @Nullable Duration heartbeat) {}

    /**
     * Web sessions.
     *
     * @param enabled whether they are kept in Larder
     * @param region where
     * @param timeout after which a session that nobody uses is gone
     */
    public record Session(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("sessions") String region,
            @DefaultValue("30m") Duration timeout) {}
}
