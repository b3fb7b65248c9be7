package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.command.CommandLimits;
import io.larder.server.config.Configuration;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.config.Keys;
import io.larder.server.net.NetConfig;
import io.larder.server.store.StoreConfig;
import org.junit.jupiter.api.Test;

/** Holds the keys' defaults and ranges and those of the packages' own records together. */
class ServerSettingsTest {
    private static final int MIB = 1 << 20;

    @Test
    void defaults_areThoseOfThePackages() {
        ServerSettings settings = new ServerSettings(Configuration.defaults());

        assertThat(settings.netConfig()).isEqualTo(NetConfig.DEFAULT);
        assertThat(settings.commandLimits(MIB)).isEqualTo(CommandLimits.DEFAULT);
        assertThat(Keys.STORE_MEMORY_BYTES_MIN).isEqualTo(StoreConfig.MEMORY_BYTES_MIN);
    }

    @Test
    void valueLimit_isTheStoresWhereThatIsLess() {
        ServerSettings settings = new ServerSettings(Configuration.defaults());

        assertThat(settings.commandLimits(200_000).valueBytesMax()).isEqualTo(200_000);
        assertThat(settings.commandLimits(1_000).valueBytesMax()).isEqualTo(64 << 10);
    }

    @Test
    void leastAndMostOfEveryKey_areWithinThePackagesRanges() {
        ServerSettings least =
                settings(
                        "limits.value-bytes=64k",
                        "limits.connections=1",
                        "limits.in-flight-requests=1",
                        "limits.in-flight-bytes=64k",
                        "limits.hello-timeout=1",
                        "limits.frame-timeout=1",
                        "limits.idle-timeout=0",
                        "limits.stall-timeout=0",
                        "limits.write-high-watermark=4k",
                        "limits.write-low-watermark=1",
                        "threads.event-loops=1",
                        "threads.maintenance=1");
        ServerSettings most =
                settings(
                        "limits.value-bytes=1m",
                        "limits.connections=1000000",
                        "limits.in-flight-requests=1048576",
                        "limits.in-flight-bytes=1g",
                        "limits.hello-timeout=24h",
                        "limits.frame-timeout=24h",
                        "limits.idle-timeout=24h",
                        "limits.stall-timeout=24h",
                        "limits.write-high-watermark=1g",
                        "limits.write-low-watermark=1g",
                        "threads.event-loops=1024",
                        "threads.maintenance=1024");

        assertThat(least.netConfig().frameTimeoutMillis()).isEqualTo(1);
        assertThat(least.commandLimits(MIB).windowRequests()).isEqualTo(1);
        assertThat(most.netConfig().idleTimeoutMillis()).isEqualTo(86_400_000);
        assertThat(most.commandLimits(MIB).windowBytes()).isEqualTo(1 << 30);
        assertThat(most.maintenanceThreads()).isEqualTo(1024);
    }

    private static ServerSettings settings(String... definitions) {
        ConfigurationLoader loader = new ConfigurationLoader();
        for (String definition : definitions) {
            loader.define(definition);
        }
        return new ServerSettings(loader.load());
    }
}
