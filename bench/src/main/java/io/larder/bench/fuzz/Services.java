package io.larder.bench.fuzz;

import io.larder.server.LarderStore;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;

/** A small store, with what commands need beside it, and no listeners. */
final class Services implements AutoCloseable {
    private static final long MEMORY_BYTES = 16 << 20;

    final UncaughtErrors errors = new UncaughtErrors();
    final RegionTable regions = new RegionTable(space -> {});
    private final Pushes pushes = new Pushes(PushConfig.DEFAULT);
    final LarderStore store =
            LarderStore.open(
                    LarderStore.configOf(MEMORY_BYTES, 1), 1, regions, pushes, errors::record);
    final CommandServices commands =
            new CommandServices(
                    store.store(),
                    store.clock(),
                    regions,
                    pushes,
                    new Leases(store.store(), LeaseLimits.DEFAULT),
                    new MetricsRegistry(),
                    errors,
                    CommandLimits.DEFAULT.withValueBytesMax(1 << 21),
                    new CommandServices.ServerIdentity(1, "fuzz"));
    final CommandDispatcher dispatcher = new CommandDispatcher(commands);

    @Override
    public void close() {
        store.close();
    }
}
