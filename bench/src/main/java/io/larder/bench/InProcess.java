package io.larder.bench;

import io.larder.server.LarderStore;
import io.larder.server.auth.AccessControl;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.tier.OverflowTier;

/** A store in this process, with what commands need beside it, and no listeners. Any thread. */
public final class InProcess implements AutoCloseable {
    private final UncaughtErrors errors = new UncaughtErrors();
    private final RegionTable regions = new RegionTable(space -> {});
    private final Pushes pushes = new Pushes(PushConfig.DEFAULT);
    private final LarderStore store;

    /**
     * @param memoryBytes of the store
     */
    public InProcess(long memoryBytes) {
        store =
                LarderStore.open(
                        LarderStore.configOf(memoryBytes, 1), 1, regions, pushes, errors::record);
    }

    /** Counts what handlers and the store's background work throw. */
    public UncaughtErrors errors() {
        return errors;
    }

    /** The store's regions. */
    public RegionTable regions() {
        return regions;
    }

    /** The store. */
    public LarderStore store() {
        return store;
    }

    /** What commands of the store work on, with leases and metrics of their own. */
    public CommandServices services(AccessControl access, CommandLimits limits) {
        return new CommandServices(
                store.store(),
                store.clock(),
                regions,
                pushes,
                new Leases(store.store(), LeaseLimits.DEFAULT),
                new MetricsRegistry(),
                errors,
                limits,
                new CommandServices.ServerIdentity(1, "bench"),
                OverflowTier.OFF,
                access,
                ServerLimits.none());
    }

    @Override
    public void close() {
        store.close();
    }
}
