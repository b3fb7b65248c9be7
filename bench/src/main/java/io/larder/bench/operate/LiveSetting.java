package io.larder.bench.operate;

import io.larder.bench.AdminLines;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.ServerBusyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A setting that changes while a server runs, two values that it is flipped between, and what shows
 * that it has taken effect.
 */
record LiveSetting(String name, List<String> values, Behaviour behaviour) {
    /** The cache whose items have no time to live of their own. */
    static final String REGION = "flipped";

    private static final int CALLS_IN_A_ROW = 5;
    private static final byte[] KEY = "lifetime".getBytes(StandardCharsets.UTF_8);

    /** Shows a setting's effect. */
    @FunctionalInterface
    interface Behaviour {
        /** What the server does, as text that has to equal the value; null if nothing shows. */
        String seen(AdminLines admin, Larder larder, String address) throws IOException;
    }

    /**
     * Every setting that can change; a server tells which those are, and a run holds it to that.
     */
    static final List<LiveSetting> ALL =
            List.of(
                    new LiveSetting(
                            "store.memory",
                            List.of("67108864", "100663296"),
                            (admin, larder, address) -> memoryLimit(admin)),
                    new LiveSetting(
                            "limits.connections",
                            List.of("2", "20000"),
                            (admin, larder, address) ->
                                    threeConnectionsFit(address) ? "20000" : "2"),
                    new LiveSetting(
                            "region." + REGION + ".ttl",
                            List.of("600000", "60000"),
                            (admin, larder, address) -> lifetime(larder)),
                    shown("region." + REGION + ".max-idle", "0", "1h"),
                    shown("limits.connections-per-address", "4000", "100"),
                    shown("limits.in-flight-bytes-total", "256m", "128m"),
                    shown("limits.queueing-delay", "100ms", "1s"),
                    shown("debug.command-delay-micros", "0", "1"),
                    shown("limits.rate.read", "0", "90000000"),
                    shown("limits.rate.write", "0", "90000000"),
                    new LiveSetting(
                            "limits.rate.scan",
                            List.of("1", "0"),
                            (admin, larder, address) ->
                                    rate(() -> larder.cache(REGION).scan(KEY, 0, 1))),
                    new LiveSetting(
                            "limits.rate.flush",
                            List.of("1", "0"),
                            (admin, larder, address) -> rate(() -> larder.cache("empty").clear())),
                    new LiveSetting(
                            "limits.rate.stats",
                            List.of("1", "0"),
                            (admin, larder, address) -> rate(larder::stats)),
                    shown("limits.hello-timeout", "10s", "20s"),
                    shown("limits.frame-timeout", "30s", "20s"),
                    shown("limits.idle-timeout", "0", "1h"),
                    shown("limits.stall-timeout", "60s", "30s"),
                    shown("limits.write-high-watermark", "512k", "1m"),
                    shown("limits.write-low-watermark", "128k", "64k"),
                    shown("log.level", "info", "warn"),
                    shown("slow-log.threshold", "10ms", "0"));

    private static LiveSetting shown(String name, String one, String other) {
        return new LiveSetting(name, List.of(one, other), (admin, larder, address) -> "");
    }

    private static String memoryLimit(AdminLines admin) throws IOException {
        return admin.ask("memory").stream()
                .filter(line -> line.startsWith("STAT memory_limit_bytes "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("none");
    }

    /** The load has one; whether a second and a third are let in shows which limit holds. */
    private static boolean threeConnectionsFit(String address) {
        try (Larder second = connect(address);
                Larder third = connect(address)) {
            second.ping();
            third.ping();
            return true;
        } catch (LarderException refused) {
            return false;
        }
    }

    private static Larder connect(String address) {
        return Larder.builder("larder://" + address)
                .connectTimeout(Duration.ofSeconds(2))
                .connect();
    }

    /** 1 if one of a few calls in a row is one too many, 0 if none is. */
    private static String rate(Runnable call) {
        try {
            for (int calls = 0; calls < CALLS_IN_A_ROW; calls++) {
                call.run();
            }
            return "0";
        } catch (ServerBusyException e) {
            return "1";
        }
    }

    /** Of the two lifetimes the one that an item written now is nearer to. */
    private static String lifetime(Larder larder) {
        BytesCache cache = larder.cache(REGION);
        cache.put(KEY, KEY);
        long millis = cache.getEntry(KEY).orElseThrow().expiresInMillis();
        return millis >= 0 && millis <= 60_000 ? "60000" : "600000";
    }
}
