package io.larder.server.command;

import io.larder.server.auth.AccessControl;
import io.larder.server.lease.Leases;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Store;
import io.larder.server.tier.OverflowTier;

/**
 * What commands work on. Owns nothing: whoever made the parts closes them, after the last command.
 *
 * @param store where items are
 * @param clock the store's time
 * @param regions names and spaces
 * @param pushes who is to be told of what
 * @param leases who loads what
 * @param metrics what STATS tells
 * @param errors takes what a handler throws
 * @param limits the bounds of requests
 * @param identity who this server says it is
 * @param overflow where items may be that memory has no room for
 * @param access who may use them
 * @param shared the limits that all connections share
 */
public record CommandServices(
        Store store,
        Clock clock,
        RegionTable regions,
        Pushes pushes,
        Leases leases,
        MetricsRegistry metrics,
        UncaughtErrors errors,
        CommandLimits limits,
        ServerIdentity identity,
        OverflowTier overflow,
        AccessControl access,
        ServerLimits shared) {

    /** Services that everybody may use, of a store that has memory only. */
    public CommandServices(
            Store store,
            Clock clock,
            RegionTable regions,
            Pushes pushes,
            Leases leases,
            MetricsRegistry metrics,
            UncaughtErrors errors,
            CommandLimits limits,
            ServerIdentity identity) {
        this(
                store,
                clock,
                regions,
                pushes,
                leases,
                metrics,
                errors,
                limits,
                identity,
                OverflowTier.OFF,
                AccessControl.open(),
                ServerLimits.none());
    }

    /**
     * What HELLO tells about a server.
     *
     * @param bootId another number after each start
     * @param version of the program, for people
     */
    public record ServerIdentity(long bootId, String version) {}
}
