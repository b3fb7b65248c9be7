package io.larder.server;

import io.larder.server.admin.Invalidations;
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

    StoreInvalidations(Store store, Clock clock, RegionTable regions) {
        this.store = store;
        this.clock = clock;
        this.regions = regions;
    }

    @Override
    public boolean tag(int regionId, byte[] tag) {
        long hash = store.hasher().tag(regions.space(regionId), Slice.of(tag));
        return told(regionId, store.invalidateTag(hash, clock.nowMillis()));
    }

    @Override
    public boolean prefix(int regionId, byte[] prefix) {
        int space = regions.space(regionId);
        return told(regionId, store.invalidatePrefix(space, Slice.of(prefix), clock.nowMillis()));
    }

    private boolean told(int regionId, WriteStatus status) {
        boolean done = status == WriteStatus.DONE;
        if (done) {
            regions.invalidated(regionId);
        }
        return done;
    }
}
