package io.larder.server.http;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Readiness;
import io.larder.server.region.RegionTable;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages show.
 *
 * @param gates the connections, by their front-end's name
 * @param trouble why the server ought to be restarted, for people; null while it is well
 * @param version of the program
 */
public record HttpServices(
        MetricsRegistry metrics,
        RegionTable regions,
        Readiness readiness,
        Map<String, ConnectionGate> gates,
        Supplier<@Nullable String> trouble,
        UncaughtErrors errors,
        String version) {}
