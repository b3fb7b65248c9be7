package io.larder.server.http;

import io.larder.protocol.Opcode;
import io.larder.server.auth.AccessControl;
import io.larder.server.insight.KeyInsight;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.LatencyFigures;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionFigures;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Readiness;
import io.larder.server.region.RegionTable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages show.
 *
 * @param disabled groups of commands that are off
 * @param gates the connections, by their front-end's name
 * @param connections those of the data listener, one by one
 * @param latencies how long requests took, by what they asked for
 * @param console what the console shows beside them
 * @param trouble why the server ought to be restarted, for people; null while it is well
 * @param version of the program
 * @param insight what is learnt of the store's keys
 * @param access who may see what
 */
public record HttpServices(
        MetricsRegistry metrics,
        RegionTable regions,
        Readiness readiness,
        DisabledCommands disabled,
        Map<String, ConnectionGate> gates,
        Supplier<List<ConnectionFigures>> connections,
        Supplier<Map<Opcode, LatencyFigures>> latencies,
        ConsoleServices console,
        Supplier<@Nullable String> trouble,
        UncaughtErrors errors,
        String version,
        KeyInsight insight,
        AccessControl access) {}
