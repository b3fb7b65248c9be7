package io.larder.bench.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** A bounded Caffeine cache that never has to evict. */
final class CaffeineEngine implements Engine {
    private final Cache<ContentKey, byte[]> cache;

    CaffeineEngine(int items) {
        cache =
                Caffeine.newBuilder()
                        .initialCapacity(items)
                        .maximumSize(items + items / 4L + 1)
                        .build();
    }

    @Override
    public Session session() {
        return new CaffeineSession(cache);
    }

    @Override
    public long items() {
        cache.cleanUp();
        return cache.estimatedSize();
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }

    private static final class CaffeineSession implements Session {
        private final Cache<ContentKey, byte[]> cache;
        private final ContentKey probe = new ContentKey(new byte[0]);

        CaffeineSession(Cache<ContentKey, byte[]> cache) {
            this.cache = cache;
        }

        @Override
        public int get(byte[] key, byte[] target) {
            return MapEngine.copy(cache.getIfPresent(probe.wrap(key)), target);
        }

        @Override
        public void set(byte[] key, byte[] value) {
            cache.put(new ContentKey(key.clone()), value.clone());
        }
    }
}
