package io.larder.server;

import io.larder.server.admin.Invalidations;
import io.larder.server.lease.Leases;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** Invalidates in a store for the admin. For any thread; allocates. */
final class StoreInvalidations implements Invalidations {
    private final Store store;
    private final Clock clock;
    private final RegionTable regions;
    private final Leases leases;

    StoreInvalidations(Store store, Clock clock, RegionTable regions, Leases leases) {
        this.leases = leases;
        this.store = store;
        this.clock = clock;
        this.regions = regions;
    }

    @Override
    public boolean tag(int regionId, byte[] tag) {
        int space = regions.space(regionId);
        long hash = store.hasher().tag(space, Slice.of(tag));
        boolean isDone = store.invalidateTag(space, hash, clock.nowMillis()) == WriteStatus.DONE;
        if (isDone) {
            leases.onTagCleared(hash);
            regions.invalidated(regionId);
        }
        return isDone;
    }

    @Override
    public boolean prefix(int regionId, byte[] prefix) {
        int space = regions.space(regionId);
        Slice under = Slice.of(prefix);
        boolean isDone =
                store.invalidatePrefix(space, under, clock.nowMillis()) == WriteStatus.DONE;
        if (isDone) {
            leases.onPrefixCleared(space, under);
            regions.invalidated(regionId);
        }
        return isDone;
    }
}
