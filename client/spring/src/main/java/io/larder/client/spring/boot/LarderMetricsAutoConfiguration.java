package io.larder.client.spring.boot;

import io.larder.client.Larder;
import io.larder.client.micrometer.LarderCacheMetrics;
import io.larder.client.micrometer.LarderMetrics;
import io.larder.client.spring.LarderCache;
import io.larder.client.spring.LarderCacheManager;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Meters of calls, connections and caches, where {@code larder-micrometer} is on the class path.
 */
@AutoConfiguration(before = LarderAutoConfiguration.class)
@ConditionalOnClass({LarderMetrics.class, MeterRegistry.class})
public class LarderMetricsAutoConfiguration {
    /** For Spring. */
    public LarderMetricsAutoConfiguration() {}

    /** The client's listener, which Boot binds to the registries. */
    @Bean
    @ConditionalOnMissingBean
    public LarderMetrics larderMetrics() {
        return new LarderMetrics();
    }

    /** Shows it the client, once both are there. */
    @Bean
    SmartInitializingSingleton larderConnectionMetrics(
            LarderMetrics metrics, ObjectProvider<Larder> larder) {
        return () -> larder.ifAvailable(metrics::watch);
    }

    /** What the program did without the cache. */
    @Bean
    MeterBinder larderAvailabilityMetrics(ObjectProvider<LarderCacheManager> managers) {
        return registry ->
                managers.ifAvailable(
                        manager ->
                                FunctionCounter.builder(
                                                "larder.without.server",
                                                manager,
                                                LarderCacheManager::withoutServer)
                                        .description("Times the program went on without the cache")
                                        .register(registry));
    }

    /** The caches' figures in Boot's actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(CacheMeterBinderProvider.class)
    static class OfCaches {
        @Bean
        CacheMeterBinderProvider<LarderCache> larderCacheMeterBinderProvider(
                LarderMetrics metrics) {
            return (cache, tags) -> registry -> bind(cache, metrics, tags, registry);
        }

        private static void bind(
                LarderCache cache,
                LarderMetrics metrics,
                Iterable<Tag> tags,
                MeterRegistry registry) {
            new LarderCacheMetrics(cache.getNativeCache(), cache.getName(), metrics, tags)
                    .bindTo(registry);
            FunctionCounter.builder("larder.undecodable", cache, LarderCache::undecodable)
                    .description("Values that could not be decoded, and were removed")
                    .tags(tags)
                    .tag("cache", cache.getName())
                    .register(registry);
        }
    }
}
