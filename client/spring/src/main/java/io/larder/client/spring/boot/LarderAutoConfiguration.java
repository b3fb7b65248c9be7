package io.larder.client.spring.boot;

import io.larder.client.Larder;
import io.larder.client.LarderBuilder;
import io.larder.client.api.CallListener;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.spring.CacheSettings;
import io.larder.client.spring.JsonValues;
import io.larder.client.spring.LarderCacheManager;
import io.larder.client.spring.boot.LarderProperties.WhenUnavailable;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The client of {@code larder.uri}, and, in applications with {@code @EnableCaching} and no other
 * cache manager, the one of its caches.
 */
@AutoConfiguration(
        beforeName = "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration")
@EnableConfigurationProperties(LarderProperties.class)
public class LarderAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(LarderAutoConfiguration.class);

    /** For Spring. */
    public LarderAutoConfiguration() {}

    /**
     * The client; closed with the context.
     *
     * <p>Locking: waits for the server, up to the connect timeout.
     *
     * @throws LarderException if no server answers and one has to
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    public Larder larder(
            LarderProperties properties,
            Environment environment,
            ObjectProvider<CallListener> listeners,
            ObjectProvider<LarderBuilderCustomizer> customizers) {
        LarderBuilder builder = builder(properties, environment);
        listeners.orderedStream().reduce(CallListener::andThen).ifPresent(builder::callListener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return connect(builder, properties);
    }

    private static LarderBuilder builder(LarderProperties properties, Environment environment) {
        LarderBuilder builder =
                Larder.builder(properties.uri())
                        .requestTimeout(properties.requestTimeout())
                        .connectTimeout(properties.connectTimeout())
                        .hotKeyAge(properties.hotKeyAge());
        String name = properties.clientName();
        String application = environment.getProperty("spring.application.name");
        if (name != null || application != null) {
            builder.clientName(name != null ? name : application);
        }
        if (degrades(properties)) {
            builder.whenDisconnected(WhenDisconnected.FAIL_FAST);
        }
        identify(builder, properties);
        Path trust = properties.trust();
        if (trust != null) {
            builder.trust(trust);
        }
        Path certificate = properties.certificate();
        Path key = properties.key();
        if (certificate != null && key != null) {
            builder.clientCertificate(certificate, key);
        } else if (certificate != null || key != null) {
            throw new IllegalArgumentException(
                    "larder.certificate and larder.key: one of them (expected: both, or neither)");
        }
        return builder;
    }

    private static void identify(LarderBuilder builder, LarderProperties properties) {
        String user = properties.user();
        String password = properties.password();
        String token = properties.token();
        if (user != null && password != null) {
            builder.password(user, password);
        } else if (user != null || password != null) {
            throw new IllegalArgumentException(
                    "larder.user and larder.password: one of them (expected: both, or neither)");
        }
        if (token != null) {
            builder.token(token);
        }
    }

    private static boolean degrades(LarderProperties properties) {
        return properties.whenUnavailable() == WhenUnavailable.DEGRADE;
    }

    private static Larder connect(LarderBuilder builder, LarderProperties properties) {
        try {
            return builder.connect();
        } catch (LarderException e) {
            if (!degrades(properties)) {
                throw e;
            }
            LOG.warn("starting without the cache: {}", e.getMessage());
            return builder.connectInBackground();
        }
    }

    /** The caches; a bean of {@link CacheSettings} says what the properties do not. */
    @Bean
    @ConditionalOnBean(CacheAspectSupport.class)
    @ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
    public LarderCacheManager cacheManager(
            Larder larder,
            LarderProperties properties,
            BeanFactory beans,
            ObjectProvider<CacheSettings> defaults) {
        CacheSettings base =
                defaults.getIfAvailable(
                        () -> CacheSettings.of(JsonValues.ofPackages(packages(properties, beans))));
        SettingsOfCaches settings = new SettingsOfCaches(base, properties.cache());
        return new LarderCacheManager(
                larder,
                settings.defaults(),
                settings.named(properties.caches()),
                degrades(properties));
    }

    /** The packages whose classes may be made of what a cache holds. */
    static List<String> packages(LarderProperties properties, BeanFactory beans) {
        if (!properties.packages().isEmpty()) {
            return properties.packages();
        }
        return AutoConfigurationPackages.has(beans)
                ? AutoConfigurationPackages.get(beans)
                : List.of();
    }
}
