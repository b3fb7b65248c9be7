package io.larder.server.store;

import io.larder.server.metrics.StripedCounter;

/** What all shards of a store count without a lock. For any thread. */
final class StoreCounters {
    final StripedCounter hits = new StripedCounter();
    final StripedCounter misses = new StripedCounter();
    final StripedCounter readsLocked = new StripedCounter();
    final StripedCounter writesBusy = new StripedCounter();
}
