package io.larder.server;

import io.larder.server.admin.AdminFrontend;
import io.larder.server.admin.AdminItems;
import io.larder.server.admin.Insight;
import io.larder.server.auth.AccessControl;
import io.larder.server.command.RequestTimes;
import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.Readiness;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots;
import io.larder.server.store.Store;

/**
 * What the telnet admin needs of a server.
 *
 * @param front the store as clients see it, whatever engines regions have
 * @param events where one can watch what happens
 * @param drain takes the server out of service; blocks
 * @param shutdown stops it; blocks
 * @param insight what it has learnt of its keys
 * @param access who may ask for what
 */
record Administration(
        LarderStore store,
        Store front,
        RegionTable regions,
        StoreInvalidations invalidations,
        MetricsRegistry metrics,
        UncaughtErrors errors,
        Snapshots snapshots,
        Readiness readiness,
        LiveConfiguration configuration,
        BinaryFrontend data,
        ServerEvents events,
        RequestTimes times,
        DisabledCommands disabled,
        Runnable drain,
        Runnable shutdown,
        Insight insight,
        AccessControl access) {
    AdminFrontend frontend() {
        return new AdminFrontend(
                new AdminFrontend.Services(
                        new AdminItems(front, store.clock(), regions, store::place),
                        new StoreItemLookup(front, store.clock(), regions),
                        invalidations,
                        new StoreMemoryControl(store),
                        regions,
                        metrics,
                        errors,
                        disabled,
                        snapshots,
                        ServerVersion.text(),
                        access),
                new AdminFrontend.Controls(
                        readiness,
                        configuration,
                        data.connections(),
                        events,
                        times,
                        store::shardStats,
                        regions::nameOfSpace,
                        store::reclaimCleared,
                        store::expire,
                        store::check,
                        () -> begin("larder-drain", drain),
                        configuration.present().get(Keys.ADMIN_SHUTDOWN)
                                ? () -> begin("larder-stop", shutdown)
                                : null),
                insight);
    }

    private void begin(String name, Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (RuntimeException | Error e) {
                                errors.record(e);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
    }
}
