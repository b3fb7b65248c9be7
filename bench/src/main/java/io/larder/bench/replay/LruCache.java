package io.larder.bench.replay;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Least recently used goes first. */
final class LruCache implements ReplayCache {
    private record Item(int weight, long expiryMillis) {}

    private final long capacity;
    private final boolean weighed;
    private final Map<Long, Item> items = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;
    private long itemsPeak;

    /**
     * @param capacity in bytes if {@code weighed}, else in items
     */
    LruCache(long capacity, boolean weighed) {
        this.capacity = capacity;
        this.weighed = weighed;
    }

    @Override
    public boolean access(Request request, long nowMillis) {
        Item item = items.get(request.key());
        if (item != null && item.expiryMillis() > nowMillis) {
            return true;
        }
        if (item != null) {
            items.remove(request.key());
            weight -= item.weight();
        }
        int itemWeight = weighed ? Math.max(1, request.bytes()) : 1;
        if (itemWeight <= capacity) {
            items.put(request.key(), new Item(itemWeight, Expiry.of(request, nowMillis)));
            weight += itemWeight;
            evict();
        }
        itemsPeak = Math.max(itemsPeak, items.size());
        return false;
    }

    private void evict() {
        Iterator<Item> oldest = items.values().iterator();
        while (weight > capacity) {
            weight -= oldest.next().weight();
            oldest.remove();
        }
    }

    @Override
    public long itemsPeak() {
        return itemsPeak;
    }
}
