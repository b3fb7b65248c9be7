package io.larder.server;

import io.larder.server.admin.ItemLookup;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.ValueSink;
import org.jspecify.annotations.Nullable;

/** Reads the default region of a store for the admin. For any thread; allocates. */
final class StoreItemLookup implements ItemLookup {
    private final Store store;
    private final Clock clock;
    private final RegionTable regions;

    StoreItemLookup(Store store, Clock clock, RegionTable regions) {
        this.store = store;
        this.clock = clock;
        this.regions = regions;
    }

    @Override
    public @Nullable Found find(byte[] key) {
        CopySink sink = new CopySink();
        Key wrapped = new Key().wrap(store.hasher(), regions.space(RegionTable.DEFAULT_ID), key);
        ReadStatus status = store.get(wrapped, clock.nowMillis(), sink);
        return status == ReadStatus.HIT ? new Found(sink.value, sink.isNegative) : null;
    }

    private static final class CopySink implements ValueSink {
        private byte[] value = new byte[0];
        private boolean isNegative;

        @Override
        public void accept(ItemView item) {
            isNegative = item.negative();
            value = new byte[item.valueLength()];
            item.copyTo(value, 0);
        }
    }
}
