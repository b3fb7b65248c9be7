package io.larder.server;

import io.larder.protocol.Opcode;
import io.larder.server.accesslog.EventListener;
import io.larder.server.command.RequestTimes;
import io.larder.server.command.SlowRequest;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.http.ConsoleServices;
import io.larder.server.http.EventSource;
import io.larder.server.metrics.LatencyFigures;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.ConnectionFigures;
import io.larder.server.region.RegionTable;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What HTTP shows of clients and their requests, which come after it: nothing until {@link #begin}.
 * For any thread.
 */
final class Observation {
    private volatile Supplier<List<ConnectionFigures>> clients = List::of;
    private volatile Supplier<Map<Opcode, LatencyFigures>> latencies = Map::of;
    private volatile IntFunction<List<SlowRequest>> slowRequests = count -> List.of();

    /** The data listener is about to take clients. */
    void begin(BinaryFrontend data, RequestTimes times) {
        clients = data.connections()::open;
        latencies = times::latencies;
        slowRequests = times.slowLog()::newest;
    }

    List<ConnectionFigures> clients() {
        return clients.get();
    }

    Map<Opcode, LatencyFigures> latencies() {
        return latencies.get();
    }

    /** What the console shows beside them. */
    ConsoleServices console(LarderStore store, RegionTable regions, LiveConfiguration live) {
        EventSource events =
                new EventSource() {
                    @Override
                    public void watch(EventListener listener) {
                        store.watch(listener);
                    }

                    @Override
                    public void unwatch(EventListener listener) {
                        store.unwatch(listener);
                    }
                };
        return new ConsoleServices(
                store::shardStats,
                count -> slowRequests.apply(count),
                live::views,
                events,
                regions::nameOfSpace);
    }
}
