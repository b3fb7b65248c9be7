package io.larder.server.config;

import io.larder.server.config.ConfigKey.Effect;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every key there is. {@code conf/larder.conf} shows the same ones, with the same defaults; a test
 * holds the two together.
 */
public final class Keys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;
    private static final long DAY_MILLIS = 24 * 3_600_000L;

    private static final Map<String, ConfigKey<?>> BY_NAME = new LinkedHashMap<>();

    /** Bytes below which a store cannot work: the start is refused. */
    public static final long STORE_MEMORY_BYTES_MIN = 4 * MIB;

    public static final ConfigKey<Long> STORE_MEMORY =
            liveKey(
                    "store.memory",
                    new SizeType(STORE_MEMORY_BYTES_MIN, 2 * TIB, MemoryLimit.bytes()),
                    "50%",
                    "Memory for items, index and everything beside them; a percentage is of the"
                            + " container's or else the machine's memory");

    public static final ConfigKey<Long> STORE_MEMORY_MAX =
            key(
                    "store.memory.max",
                    new SizeType(0, 2 * TIB, MemoryLimit.bytes()),
                    "0",
                    "The most that the memory limit can be raised to while the server runs;"
                            + " reserved, but not touched before; 0 is store.memory");

    public static final ConfigKey<String> STORE_FILE =
            key(
                    "store.file",
                    new PathType(),
                    PathType.NONE,
                    "Where the store's memory outlives the server: a file on a memory file system,"
                            + " as /dev/shm, which it lies in; or on a disk, for a copy at a clean"
                            + " stop");

    public static final ConfigKey<Long> STORE_MAX_DOWNTIME =
            key(
                    "store.max-downtime",
                    new DurationType(0, 365 * DAY_MILLIS),
                    "0",
                    "How long the server may have been away for what is in store.file to be of use;"
                            + " 0 is any time");

    public static final ConfigKey<String> DATA_HOST =
            key(
                    "listeners.data.host",
                    new HostType(),
                    "127.0.0.1",
                    "Where the binary protocol listens; 0.0.0.0 is every interface");

    public static final ConfigKey<Integer> DATA_PORT =
            key(
                    "listeners.data.port",
                    CountType.PORT,
                    "7170",
                    "Port of the binary protocol; 0 takes a free one");

    public static final ConfigKey<List<String>> DATA_PROTOCOLS =
            key(
                    "listeners.data.protocols",
                    ChoicesType.of("larder", "memcached", "resp"),
                    "larder",
                    "What the data listener speaks: the first byte of a connection tells which");

    public static final ConfigKey<String> ADMIN_HOST =
            key(
                    "listeners.admin.host",
                    new HostType(),
                    "127.0.0.1",
                    "Where the telnet admin listens; keep it local");

    public static final ConfigKey<Integer> ADMIN_PORT =
            key(
                    "listeners.admin.port",
                    CountType.PORT,
                    "7171",
                    "Port of the telnet admin; 0 takes a free one");

    public static final ConfigKey<String> HTTP_HOST =
            key(
                    "listeners.http.host",
                    new HostType(),
                    "127.0.0.1",
                    "Where HTTP shows metrics, health and readiness");

    public static final ConfigKey<Integer> HTTP_PORT =
            key("listeners.http.port", CountType.PORT, "7172", "Port of HTTP; 0 takes a free one");

    public static final ConfigKey<String> MEMCACHED_HOST =
            key(
                    "listeners.memcached.host",
                    new HostType(),
                    "127.0.0.1",
                    "Where memcached's protocols are spoken");

    public static final ConfigKey<Integer> MEMCACHED_PORT =
            key(
                    "listeners.memcached.port",
                    OptionalPortType.OFF_OR_PORT,
                    OptionalPortType.OFF,
                    "Port of memcached's protocols, usually 11211; 0 takes a free one");

    public static final ConfigKey<String> RESP_HOST =
            key(
                    "listeners.resp.host",
                    new HostType(),
                    "127.0.0.1",
                    "Where RESP, the protocol of Redis, is spoken");

    public static final ConfigKey<Integer> RESP_PORT =
            key(
                    "listeners.resp.port",
                    OptionalPortType.OFF_OR_PORT,
                    OptionalPortType.OFF,
                    "Port of RESP, usually 6379; 0 takes a free one");

    public static final ConfigKey<String> TLS_DIRECTORY =
            key(
                    "tls.directory",
                    new PathType(),
                    PathType.NONE,
                    "Turns TLS on for every listener: a directory with server.pem and server.key,"
                            + " and ca.pem for clients' certificates; read again when they change");

    public static final ConfigKey<String> TLS_CLIENTS =
            key(
                    "tls.client-certificates",
                    ChoiceType.of("off", "optional", "required"),
                    "optional",
                    "Whether clients show a certificate, which one of ca.pem must have signed");

    public static final ConfigKey<String> TLS_PROVIDER =
            key(
                    "tls.provider",
                    ChoiceType.of("auto", "jdk", "openssl"),
                    "auto",
                    "What does the arithmetic of TLS; auto is openssl where netty-tcnative is on"
                            + " the class path, else jdk");

    public static final ConfigKey<Long> TLS_HANDSHAKE_TIMEOUT =
            key(
                    "tls.handshake-timeout",
                    new DurationType(1, 60_000),
                    "5s",
                    "From connecting to the end of the handshake, or the connection is closed");

    public static final ConfigKey<String> AUTH_USERS =
            key(
                    "auth.users",
                    new PathType(),
                    PathType.NONE,
                    "The file of users, roles and rights, which every protocol then asks for; read"
                            + " again when it changes; none: everybody may do everything");

    public static final ConfigKey<Boolean> AUTH_PROTECTED =
            key(
                    "auth.protected",
                    new FlagType(),
                    "true",
                    "Whether a server without users listens on the loopback only, whatever hosts"
                            + " are set");

    public static final ConfigKey<Integer> EVENT_LOOPS =
            key(
                    "threads.event-loops",
                    new CountType("threads", 0, 1024),
                    "0",
                    "Threads that serve the data listener; 0 is one for each processor");

    public static final ConfigKey<Integer> MAINTENANCE_THREADS =
            key(
                    "threads.maintenance",
                    new CountType("threads", 0, 1024),
                    "0",
                    "Threads that evict and clean; 0 is half the processors, at least one");

    public static final ConfigKey<Long> VALUE_BYTES =
            key(
                    "limits.value-bytes",
                    SizeType.of(64 * KIB, GIB),
                    "64m",
                    "The longest value; a store takes up to a quarter of its memory");

    public static final ConfigKey<Integer> CONNECTIONS =
            liveKey(
                    "limits.connections",
                    new CountType("connections", 1, 1_000_000),
                    "20000",
                    "Connections to the data listener at a time; further ones are refused");

    public static final ConfigKey<Integer> CONNECTIONS_PER_ADDRESS =
            liveKey(
                    "limits.connections-per-address",
                    new CountType("connections", 0, 1_000_000),
                    "4000",
                    "Of these, how many one address may have, the loopback excepted; 0 is any"
                            + " number");

    public static final ConfigKey<Integer> IN_FLIGHT_REQUESTS =
            key(
                    "limits.in-flight-requests",
                    new CountType("requests", 1, 1 << 20),
                    "4096",
                    "Requests that a client may have unanswered on one connection");

    public static final ConfigKey<Long> IN_FLIGHT_BYTES =
            key(
                    "limits.in-flight-bytes",
                    SizeType.of(64 * KIB, GIB),
                    "8m",
                    "Bytes of requests that a client may have unanswered on one connection");

    public static final ConfigKey<Long> IN_FLIGHT_BYTES_TOTAL =
            liveKey(
                    "limits.in-flight-bytes-total",
                    SizeType.of(MIB, 64 * GIB),
                    "256m",
                    "Bytes of requests not answered and replies not sent, all connections together;"
                            + " beyond them requests are refused");

    public static final ConfigKey<Long> QUEUEING_DELAY =
            liveKey(
                    "limits.queueing-delay",
                    new DurationType(0, 10_000),
                    "100ms",
                    "How long requests may queue for a thread, for more than a moment, before some"
                            + " are refused to keep the others' time; 0 is any time");

    public static final ConfigKey<Integer> RATE_READ = rate("read", "Reads");

    public static final ConfigKey<Integer> RATE_WRITE = rate("write", "Writes");

    public static final ConfigKey<Integer> RATE_SCAN = rate("scan", "Requests that list keys");

    public static final ConfigKey<Integer> RATE_FLUSH = rate("flush", "Requests that clear");

    public static final ConfigKey<Integer> RATE_STATS = rate("stats", "Requests for figures");

    public static final ConfigKey<List<String>> COMMANDS_DISABLED =
            key(
                    "commands.disabled",
                    WordsType.of(
                            "read",
                            "write",
                            "scan",
                            "flush",
                            "stats",
                            "config-set",
                            "client",
                            "watch",
                            "snapshot",
                            "drain",
                            "shutdown",
                            "debug"),
                    WordsType.NONE,
                    "Groups of commands that are off in every protocol, the telnet admin and HTTP"
                            + " included");

    public static final ConfigKey<Long> HELLO_TIMEOUT =
            liveKey(
                    "limits.hello-timeout",
                    new DurationType(1, DAY_MILLIS),
                    "10s",
                    "From connecting to a complete greeting, or the connection is closed");

    public static final ConfigKey<Long> FRAME_TIMEOUT =
            liveKey(
                    "limits.frame-timeout",
                    new DurationType(1, DAY_MILLIS),
                    "30s",
                    "From a request's first byte to its last, and a second more for each 64k");

    public static final ConfigKey<Long> IDLE_TIMEOUT =
            liveKey(
                    "limits.idle-timeout",
                    new DurationType(0, DAY_MILLIS),
                    "0",
                    "Without a request until a connection is closed; 0 is never");

    public static final ConfigKey<Long> STALL_TIMEOUT =
            liveKey(
                    "limits.stall-timeout",
                    new DurationType(0, DAY_MILLIS),
                    "60s",
                    "Without taking a reply that waits until a connection is closed; 0 is never");

    public static final ConfigKey<Long> WRITE_HIGH_WATERMARK =
            liveKey(
                    "limits.write-high-watermark",
                    SizeType.of(4 * KIB, GIB),
                    "512k",
                    "Replies waiting to be sent, above which a connection is not read");

    public static final ConfigKey<Long> WRITE_LOW_WATERMARK =
            liveKey(
                    "limits.write-low-watermark",
                    SizeType.of(1, GIB),
                    "128k",
                    "Replies waiting to be sent, below which it is read again");

    public static final ConfigKey<Long> TRACKING_MEMORY =
            key(
                    "near.tracking.memory",
                    SizeType.of(MIB, 16 * GIB),
                    "16m",
                    "Heap for what clients keep copies of; beyond it they are told to drop some");

    public static final ConfigKey<Long> HOT_KEYS_KEEP =
            key(
                    "near.hot-keys.keep",
                    new DurationType(0, 1_000),
                    "5ms",
                    "How long clients that wish to may keep the value of a key that many read; 0 is"
                            + " not at all");

    public static final ConfigKey<String> SNAPSHOT_DIRECTORY =
            key(
                    "snapshot.directory",
                    new PathType(),
                    PathType.NONE,
                    "Where the admin's snapshot and restore have their files; none: nowhere");

    public static final ConfigKey<String> TIER_PATH =
            key(
                    "tier.rocksdb.path",
                    new PathType(),
                    PathType.NONE,
                    "A directory of its own for items that memory has no room for; none: they are"
                            + " dropped");

    public static final ConfigKey<Long> TIER_BYTES =
            key(
                    "tier.rocksdb.max-bytes",
                    SizeType.of(64 * MIB, 64 * TIB),
                    "10g",
                    "Bytes of its files, beyond which the oldest go");

    public static final ConfigKey<Long> TIER_MEMORY =
            key(
                    "tier.rocksdb.memory",
                    SizeType.of(0, TIB),
                    "0",
                    "Memory for it beside store.memory, from 8m: half of it says what is on disk, 8"
                            + " bytes an item; 0 is a 64th of its files, at least 16m");

    public static final ConfigKey<Integer> TIER_READERS =
            key(
                    "tier.rocksdb.readers",
                    new CountType("threads", 1, 256),
                    "4",
                    "Threads that read from it");

    public static final ConfigKey<Long> TIER_READ_TIMEOUT =
            key(
                    "tier.rocksdb.read-timeout",
                    new DurationType(1, 60_000),
                    "1s",
                    "A read that takes longer is a miss, and the tier is off for a while");

    public static final ConfigKey<String> WARM_FROM =
            key(
                    "warm.from",
                    new PeerType(),
                    PeerType.NONE,
                    "Another server, as 10.0.0.7:7170, whose items are fetched while this one"
                            + " serves already; none: it begins empty");

    public static final ConfigKey<Integer> REMOVALS =
            key(
                    "insight.removals",
                    new CountType("removals", 0, 10_000_000),
                    "200000",
                    "Keys that went, and as many values that were replaced, whose ends the telnet"
                            + " admin's why can tell; 80 bytes of heap each; 0 is none");

    public static final ConfigKey<Boolean> HOT_KEYS =
            key(
                    "insight.hot-keys",
                    new FlagType(),
                    "true",
                    "Whether the keys that are used most are found, for the telnet admin and HTTP");

    public static final ConfigKey<Boolean> CURVE =
            key(
                    "insight.curve",
                    new FlagType(),
                    "true",
                    "Whether the hit ratio at other memory limits is predicted");

    public static final ConfigKey<Boolean> PREFIXES =
            key(
                    "insight.prefixes",
                    new FlagType(),
                    "true",
                    "Whether hits, misses and bytes are counted by the prefixes of keys");

    public static final ConfigKey<Byte> PREFIX_SEPARATOR =
            key(
                    "insight.prefix-separator",
                    new SeparatorType(),
                    ":",
                    "What ends the prefix of a key");

    public static final ConfigKey<String> LOG_LEVEL =
            liveKey(
                    "log.level",
                    ChoiceType.of("error", "warn", "info", "debug", "trace"),
                    "info",
                    "What is logged of Larder's own doings, to standard error");

    public static final ConfigKey<Long> SLOW_LOG_THRESHOLD =
            liveKey(
                    "slow-log.threshold",
                    new DurationType(0, 60_000),
                    "10ms",
                    "What takes the server at least so long is kept for slowlog; 0 is nothing");

    public static final ConfigKey<Integer> COMMAND_DELAY =
            liveKey(
                    "debug.command-delay-micros",
                    new CountType("microseconds", 0, 1_000_000),
                    "0",
                    "Has each command of the data listener take so much longer, to see what clients"
                            + " do; 0 in service");

    public static final ConfigKey<Boolean> ADMIN_SHUTDOWN =
            key(
                    "admin.shutdown",
                    new FlagType(),
                    "false",
                    "Whether the telnet admin's shutdown command stops the server");

    private Keys() {}

    /** Every key, in the order of the sample file. */
    public static Collection<ConfigKey<?>> all() {
        return Collections.unmodifiableCollection(BY_NAME.values());
    }

    /** The key of this name; null if there is none. */
    static @Nullable ConfigKey<?> find(String name) {
        return BY_NAME.get(name);
    }

    private static ConfigKey<Integer> rate(String group, String what) {
        return liveKey(
                "limits.rate." + group,
                new CountType("a second", 0, 100_000_000),
                "0",
                what
                        + " that a user, or a client known by its name, may ask in a second, all"
                        + " connections together; 0 is any number");
    }

    private static <T> ConfigKey<T> key(
            String name, ValueType<T> type, String defaultText, String description) {
        return register(new ConfigKey<>(name, type, defaultText, Effect.RESTART, description));
    }

    private static <T> ConfigKey<T> liveKey(
            String name, ValueType<T> type, String defaultText, String description) {
        return register(new ConfigKey<>(name, type, defaultText, Effect.LIVE, description));
    }

    private static <T> ConfigKey<T> register(ConfigKey<T> key) {
        if (BY_NAME.put(key.name(), key) != null) {
            throw new IllegalStateException(key.name() + " (expected: a name not yet taken)");
        }
        return key;
    }
}
