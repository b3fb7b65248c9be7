package io.larder.server;

import ch.qos.logback.classic.Level;
import io.larder.server.command.SlowLog;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.limit.ServerLimits;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.region.RegionSettings;
import io.larder.server.region.RegionTable;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Has changed settings take effect in a running server. The memory limit goes first, since it is
 * the only one that can be refused. For any thread, one change at a time.
 */
final class LiveSettings implements LiveConfiguration.Applier {
    private static final String LOGGER = "io.larder";

    private final LarderStore store;
    private final RegionTable regions;
    private final BinaryFrontend data;
    private final SlowLog slowLog;
    private final ServerLimits shared;

    LiveSettings(
            LarderStore store,
            RegionTable regions,
            BinaryFrontend data,
            SlowLog slowLog,
            ServerLimits shared) {
        this.shared = shared;
        this.store = store;
        this.regions = regions;
        this.data = data;
        this.slowLog = slowLog;
    }

    @Override
    public void apply(Configuration before, Configuration after) {
        long memoryBytes = after.get(Keys.STORE_MEMORY);
        if (memoryBytes != before.get(Keys.STORE_MEMORY)) {
            store.setMemoryLimit(memoryBytes);
        }
        ServerSettings settings = new ServerSettings(after);
        data.reconfigure(settings.netConfig());
        settings.limit(shared);
        Map<String, RegionSettings> changed = settings.regions();
        changed.forEach(regions::configure);
        for (String name : before.regions()) {
            if (!changed.containsKey(name)) {
                regions.configure(name, RegionSettings.DEFAULT);
            }
        }
        logLevel(after.get(Keys.LOG_LEVEL));
        slowLog.thresholdMillis(after.get(Keys.SLOW_LOG_THRESHOLD));
    }

    /** Sets what is logged; where another library than logback does it, that has its own way. */
    static void logLevel(String level) {
        if (LoggerFactory.getLogger(LOGGER) instanceof ch.qos.logback.classic.Logger logger) {
            logger.setLevel(Level.toLevel(level));
        }
    }
}
