package io.larder.bench.replay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Caffeine, with its maintenance done at once by the calling thread. */
public final class CaffeineCache implements ReplayCache {
    private record Item(int weight, long expiryMillis) {}

    private final Cache<Long, Item> items;
    private final boolean weighed;
    private long itemsPeak;

    /**
     * @param capacity in bytes if {@code weighed}, else in items
     */
    public CaffeineCache(long capacity, boolean weighed) {
        this.weighed = weighed;
        Caffeine<Object, Object> builder = Caffeine.newBuilder().executor(Runnable::run);
        if (weighed) {
            builder.maximumWeight(capacity).weigher((key, item) -> ((Item) item).weight());
        } else {
            builder.maximumSize(capacity);
        }
        this.items = builder.build();
    }

    @Override
    public boolean access(Request request, long nowMillis) {
        Item item = items.getIfPresent(request.key());
        if (item != null && item.expiryMillis() > nowMillis) {
            return true;
        }
        int weight = weighed ? Math.max(1, request.bytes()) : 1;
        items.put(request.key(), new Item(weight, Expiry.of(request, nowMillis)));
        itemsPeak = Math.max(itemsPeak, items.estimatedSize());
        return false;
    }

    @Override
    public long itemsPeak() {
        return itemsPeak;
    }
}
