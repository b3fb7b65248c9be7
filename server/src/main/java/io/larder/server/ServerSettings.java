package io.larder.server;

import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.command.CommandLimits;
import io.larder.server.config.ConfigKey;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.PathType;
import io.larder.server.config.PeerType;
import io.larder.server.config.RegionKeys;
import io.larder.server.insight.InsightSettings;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.limit.ServerLimits;
import io.larder.server.net.NetConfig;
import io.larder.server.push.PushConfig;
import io.larder.server.region.RegionSettings;
import io.larder.server.tier.TierConfig;
import io.larder.server.tier.chronicle.ChronicleSettings;
import io.larder.server.tls.TlsSettings;
import io.larder.server.warm.WarmSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link Configuration} means for each package. */
final class ServerSettings {
    /** The least a front-end can be limited to, whatever the store holds. */
    private static final int VALUE_BYTES_MIN = ProtocolLimits.BODY_BYTES_MAX_FLOOR;

    private final Configuration configuration;

    ServerSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    int eventLoopThreads() {
        int threads = configuration.get(Keys.EVENT_LOOPS);
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    int maintenanceThreads() {
        int threads = configuration.get(Keys.MAINTENANCE_THREADS);
        return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** What the memory limit can be raised to. */
    long memoryBytesMax() {
        long memoryBytesMax = configuration.get(Keys.STORE_MEMORY_MAX);
        return memoryBytesMax > 0 ? memoryBytesMax : configuration.get(Keys.STORE_MEMORY);
    }

    /** What was settled for regions, by name. */
    Map<String, RegionSettings> regions() {
        Map<String, RegionSettings> regions = new HashMap<>();
        for (String name : configuration.regions()) {
            regions.put(
                    name,
                    new RegionSettings(
                            configuration.get(RegionKeys.ttl(name)),
                            configuration.get(RegionKeys.maxIdle(name)),
                            configuration.get(RegionKeys.quota(name)),
                            configuration.get(RegionKeys.evict(name)).equals("never")));
        }
        return regions;
    }

    /**
     * The regions with a file of their own, by name.
     *
     * @throws StartException naming a setting that does not go with another
     */
    Map<String, ChronicleSettings> engines() throws StartException {
        Map<String, ChronicleSettings> engines = new HashMap<>();
        for (String name : configuration.regions()) {
            ConfigKey<String> engine = RegionKeys.engine(name);
            ConfigKey<String> file = RegionKeys.file(name);
            boolean hasFile = !configuration.get(file).equals(PathType.NONE);
            if (configuration.get(engine).equals("memory")) {
                require(!hasFile, file, "none where " + engine.name() + " is memory");
                continue;
            }
            require(hasFile, file, "a file, since " + engine.name() + " is chronicle");
            requireZero(RegionKeys.maxIdle(name), engine);
            requireZero(RegionKeys.quota(name), engine);
            engines.put(
                    name,
                    new ChronicleSettings(
                            name,
                            Path.of(configuration.get(file)),
                            configuration.get(RegionKeys.entries(name)),
                            toIntExact(configuration.get(RegionKeys.keyBytes(name))),
                            toIntExact(configuration.get(RegionKeys.valueBytes(name)))));
        }
        return engines;
    }

    private void requireZero(ConfigKey<Long> key, ConfigKey<String> engine) throws StartException {
        require(configuration.get(key) == 0, key, "0 where " + engine.name() + " is chronicle");
    }

    private void require(boolean holds, ConfigKey<?> key, String expected) throws StartException {
        if (!holds) {
            throw new StartException(
                    key.name() + ": " + configuration.text(key) + " (expected: " + expected + ")");
        }
    }

    /** Whose items are to be fetched; null if nobody's. */
    @Nullable InetSocketAddress warmFrom() {
        String peer = configuration.get(Keys.WARM_FROM);
        int colon = peer.lastIndexOf(':');
        return peer.equals(PeerType.NONE)
                ? null
                : InetSocketAddress.createUnresolved(
                        peer.substring(0, colon), Integer.parseInt(peer.substring(colon + 1)));
    }

    /** Where snapshots are; null if nowhere. */
    @Nullable Path snapshotDirectory() {
        String directory = configuration.get(Keys.SNAPSHOT_DIRECTORY);
        return directory.equals(PathType.NONE) ? null : Path.of(directory);
    }

    /** What memory has no room for goes to; null if nowhere. */
    @Nullable TierConfig tierConfig() {
        String path = configuration.get(Keys.TIER_PATH);
        return path.equals(PathType.NONE)
                ? null
                : TierConfig.of(
                        Path.of(path),
                        configuration.get(Keys.TIER_BYTES),
                        configuration.get(Keys.TIER_MEMORY),
                        configuration.get(Keys.TIER_READERS),
                        configuration.get(Keys.TIER_READ_TIMEOUT));
    }

    /** Where the store's memory is to outlive the server; null if nowhere. */
    @Nullable WarmSettings warmSettings() {
        String file = configuration.get(Keys.STORE_FILE);
        return file.equals(PathType.NONE)
                ? null
                : new WarmSettings(Path.of(file), configuration.get(Keys.STORE_MAX_DOWNTIME));
    }

    /** The TLS of the listeners; null if there is none. */
    @Nullable TlsSettings tlsSettings() {
        String directory = configuration.get(Keys.TLS_DIRECTORY);
        return directory.equals(PathType.NONE)
                ? null
                : new TlsSettings(
                        Path.of(directory),
                        TlsSettings.Library.valueOf(upper(Keys.TLS_PROVIDER)),
                        TlsSettings.Clients.valueOf(upper(Keys.TLS_CLIENTS)),
                        configuration.get(Keys.TLS_HANDSHAKE_TIMEOUT));
    }

    /** Who the users are; null if there are none. */
    @Nullable Path usersFile() {
        String file = configuration.get(Keys.AUTH_USERS);
        return file.equals(PathType.NONE) ? null : Path.of(file);
    }

    /** Whether a server without users keeps to the loopback. */
    boolean isProtected() {
        return configuration.get(Keys.AUTH_PROTECTED);
    }

    private String upper(ConfigKey<String> key) {
        return configuration.get(key).toUpperCase(Locale.ROOT);
    }

    InsightSettings insightSettings() {
        return new InsightSettings(
                configuration.get(Keys.HOT_KEYS),
                configuration.get(Keys.CURVE),
                configuration.get(Keys.PREFIXES),
                configuration.get(Keys.PREFIX_SEPARATOR));
    }

    PushConfig pushConfig() {
        return new PushConfig(
                configuration.get(Keys.TRACKING_MEMORY),
                toIntExact(configuration.get(Keys.HOT_KEYS_KEEP)));
    }

    NetConfig netConfig() {
        return new NetConfig(
                configuration.get(Keys.DATA_HOST),
                configuration.get(Keys.DATA_PORT),
                eventLoopThreads(),
                configuration.get(Keys.CONNECTIONS),
                configuration.get(Keys.HELLO_TIMEOUT),
                configuration.get(Keys.FRAME_TIMEOUT),
                configuration.get(Keys.IDLE_TIMEOUT),
                configuration.get(Keys.STALL_TIMEOUT),
                toIntExact(configuration.get(Keys.WRITE_HIGH_WATERMARK)),
                toIntExact(configuration.get(Keys.WRITE_LOW_WATERMARK)));
    }

    /** What commands are off. */
    DisabledCommands disabledCommands() {
        Set<CommandGroup> groups = EnumSet.noneOf(CommandGroup.class);
        for (String word : configuration.get(Keys.COMMANDS_DISABLED)) {
            groups.add(requireNonNull(CommandGroup.of(word)));
        }
        return new DisabledCommands(groups);
    }

    /** What of the limits that all connections share can change. */
    void limit(ServerLimits shared) {
        shared.addresses().connectionsMax(configuration.get(Keys.CONNECTIONS_PER_ADDRESS));
        shared.inFlight().bytesMax(configuration.get(Keys.IN_FLIGHT_BYTES_TOTAL));
        shared.overload().delayMillisMax(configuration.get(Keys.QUEUEING_DELAY));
        shared.overload().commandDelayMicros(configuration.get(Keys.COMMAND_DELAY));
        shared.rates()
                .reconfigure(
                        Map.of(
                                CommandGroup.READ, configuration.get(Keys.RATE_READ),
                                CommandGroup.WRITE, configuration.get(Keys.RATE_WRITE),
                                CommandGroup.SCAN, configuration.get(Keys.RATE_SCAN),
                                CommandGroup.FLUSH, configuration.get(Keys.RATE_FLUSH),
                                CommandGroup.STATS, configuration.get(Keys.RATE_STATS)));
    }

    /** The bounds of requests; values are as long as both the setting and the store allow. */
    CommandLimits commandLimits(int storeValueBytesMax) {
        int valueBytesMax = toIntExact(configuration.get(Keys.VALUE_BYTES));
        CommandLimits usual = CommandLimits.DEFAULT;
        return new CommandLimits(
                usual.keyBytesMax(),
                Math.max(VALUE_BYTES_MIN, Math.min(valueBytesMax, storeValueBytesMax)),
                usual.batchOperationsMax(),
                configuration.get(Keys.IN_FLIGHT_REQUESTS),
                toIntExact(configuration.get(Keys.IN_FLIGHT_BYTES)),
                usual.retryAfterMillis());
    }
}
