package io.larder.client.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.larder.client.junit.LarderServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.integration.CacheLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of caches whose server is not there, or no longer, and comes. */
@Timeout(60)
@Tag("slow")
class WithoutServerTest {
    private final LarderCachingProvider provider = new LarderCachingProvider();
    private int port;

    @BeforeEach
    void findAPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private CacheManager manager(String whenUnavailable) {
        Properties properties = new Properties();
        properties.setProperty(LarderCachingProvider.WHEN_UNAVAILABLE, whenUnavailable);
        return provider.getCacheManager(
                URI.create("larder://127.0.0.1:" + port), getClass().getClassLoader(), properties);
    }

    private static LarderConfiguration<String, String> texts() {
        LarderConfiguration<String, String> configuration =
                new LarderConfiguration<String, String>().setTypes(String.class, String.class);
        configuration.setStatisticsEnabled(true);
        return configuration;
    }

    private static final class EchoLoader implements CacheLoader<String, String> {
        @Override
        public String load(String key) {
            return key + "!";
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            Map<String, String> all = new HashMap<>();
            keys.forEach(key -> all.put(key, load(key)));
            return all;
        }
    }

    @Test
    void start_failsFast_andNamesTheServer() {
        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> manager("fail"))
                .withMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void degraded_readsMiss_writesThrow_loadersLoad_untilTheServerComes() {
        CacheManager manager = manager("degrade");
        LarderCache<String, String> plain = cache(manager, "plain", texts());
        LarderConfiguration<String, String> loading = texts();
        loading.setReadThrough(true);
        loading.setCacheLoaderFactory(EchoLoader::new);
        Cache<String, String> through = manager.createCache("through", loading);

        assertThat(plain.get("k")).isNull();
        assertThat(plain.getAll(Set.of("k"))).isEmpty();
        assertThat(plain.containsKey("k")).isFalse();
        assertThat(plain.statistics().getReadsWithoutServer()).isEqualTo(3);
        assertThat(through.get("k")).isEqualTo("k!");
        assertThat(through.getAll(Set.of("k"))).containsEntry("k", "k!");
        assertThatExceptionOfType(CacheException.class).isThrownBy(() -> plain.put("k", "v"));

        try (LarderServer server = LarderServer.startEmbedded("listeners.data.port=" + port)) {
            await().ignoreExceptions()
                    .untilAsserted(
                            () -> {
                                plain.put("k", "v");
                                assertThat(plain.get("k")).isEqualTo("v");
                            });
            assertThat(server.port()).isEqualTo(port);
        }
    }

    private static LarderCache<String, String> cache(
            CacheManager manager, String name, LarderConfiguration<String, String> configuration) {
        return (LarderCache<String, String>)
                manager.<String, String, LarderConfiguration<String, String>>createCache(
                        name, configuration);
    }

    @Test
    void serverThatGoesAway_leavesTheLoader() {
        CacheManager manager;
        Cache<String, String> through;
        try (LarderServer server = LarderServer.startEmbedded("listeners.data.port=" + port)) {
            assertThat(server.port()).isEqualTo(port);
            manager = manager("degrade");
            LarderConfiguration<String, String> loading = texts();
            loading.setReadThrough(true);
            loading.setCacheLoaderFactory(EchoLoader::new);
            through = manager.createCache("through", loading);
            through.put("stored", "value");
            assertThat(through.get("stored")).isEqualTo("value");
        }

        assertThat(through.get("stored")).isEqualTo("stored!");
    }
}
