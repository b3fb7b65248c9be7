package io.larder.server.store;

import io.larder.server.memory.OffHeapMemory;

/** The sharded store means what every store means. */
class ShardedStoreContractTest extends StoreContract {
    @Override
    protected Store open() {
        StoreConfig config = StoreFixture.config(256, 8 << 10, 4);
        return new StoreFixture(
                        config, OffHeapMemory::allocate, StoreFixture.NO_HITS, new ShardAssembly())
                .store;
    }
}
