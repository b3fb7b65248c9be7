package io.larder.bench.replay;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO as published (https://dl.acm.org/doi/10.1145/3600006.3613147): a small queue of a tenth,
 * promotion at two reads, and a ghost of as many keys as the main queue holds.
 */
public final class S3FifoCache implements ReplayCache {
    private static final int FREQ_MAX = 3;
    private static final int PROMOTION_FREQ = 2;

    private static final class Item {
        final long key;
        final int weight;
        long expiryMillis;
        int freq;

        Item(long key, int weight, long expiryMillis) {
            this.key = key;
            this.weight = weight;
            this.expiryMillis = expiryMillis;
        }
    }

    private final long capacity;
    private final long smallTarget;
    private final boolean weighed;
    private final Map<Long, Item> items = new HashMap<>();
    private final ArrayDeque<Item> small = new ArrayDeque<>();
    private final ArrayDeque<Item> main = new ArrayDeque<>();
    private final Map<Long, Integer> ghostWeights = new HashMap<>();
    private final LinkedHashSet<Long> ghost = new LinkedHashSet<>();
    private long smallWeight;
    private long mainWeight;
    private long ghostWeight;
    private long itemsPeak;

    /**
     * @param capacity in bytes if {@code weighed}, else in items
     */
    public S3FifoCache(long capacity, boolean weighed) {
        this.capacity = capacity;
        this.smallTarget = Math.max(1, capacity / 10);
        this.weighed = weighed;
    }

    @Override
    public boolean access(Request request, long nowMillis) {
        Item item = items.get(request.key());
        if (item != null) {
            boolean hit = item.expiryMillis > nowMillis;
            item.freq = hit ? Math.min(FREQ_MAX, item.freq + 1) : 0;
            item.expiryMillis = hit ? item.expiryMillis : Expiry.of(request, nowMillis);
            return hit;
        }
        int weight = weighed ? Math.max(1, request.bytes()) : 1;
        if (weight <= capacity) {
            insert(new Item(request.key(), weight, Expiry.of(request, nowMillis)));
        }
        return false;
    }

    private void insert(Item item) {
        while (smallWeight + mainWeight + item.weight > capacity) {
            if (smallWeight >= smallTarget || main.isEmpty()) {
                evictSmall();
            } else {
                evictMain();
            }
        }
        items.put(item.key, item);
        itemsPeak = Math.max(itemsPeak, items.size());
        if (forget(item.key)) {
            main.add(item);
            mainWeight += item.weight;
        } else {
            small.add(item);
            smallWeight += item.weight;
        }
    }

    private void evictSmall() {
        Item item = small.remove();
        smallWeight -= item.weight;
        if (item.freq >= PROMOTION_FREQ) {
            item.freq = 0;
            main.add(item);
            mainWeight += item.weight;
            while (mainWeight > capacity - smallTarget) {
                evictMain();
            }
        } else {
            items.remove(item.key);
            remember(item);
        }
    }

    private void evictMain() {
        Item item = main.remove();
        while (item.freq > 0) {
            item.freq--;
            main.add(item);
            item = main.remove();
        }
        mainWeight -= item.weight;
        items.remove(item.key);
    }

    private void remember(Item item) {
        ghost.add(item.key);
        ghostWeights.put(item.key, item.weight);
        ghostWeight += item.weight;
        Iterator<Long> oldest = ghost.iterator();
        while (ghostWeight > capacity - smallTarget) {
            long key = oldest.next();
            oldest.remove();
            ghostWeight -= weightOf(ghostWeights.remove(key));
        }
    }

    private boolean forget(long key) {
        if (!ghost.remove(key)) {
            return false;
        }
        ghostWeight -= weightOf(ghostWeights.remove(key));
        return true;
    }

    private static int weightOf(@Nullable Integer weight) {
        return weight == null ? 0 : weight;
    }

    @Override
    public long itemsPeak() {
        return itemsPeak;
    }
}
