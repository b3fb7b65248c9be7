package io.larder.bench.store;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A concurrent map of the JDK, sized for its items. */
final class MapEngine implements Engine {
    private final ConcurrentMap<ContentKey, byte[]> map;

    MapEngine(int items) {
        map = new ConcurrentHashMap<>(items);
    }

    @Override
    public Session session() {
        return new OnHeapSession(map);
    }

    @Override
    public long items() {
        return map.size();
    }

    @Override
    public void close() {
        map.clear();
    }

    /** Looks up without allocation and copies the value out; stores copies of its own. */
    static final class OnHeapSession implements Session {
        private final ConcurrentMap<ContentKey, byte[]> map;
        private final ContentKey probe = new ContentKey(new byte[0]);

        OnHeapSession(ConcurrentMap<ContentKey, byte[]> map) {
            this.map = map;
        }

        @Override
        public int get(byte[] key, byte[] target) {
            return copy(map.get(probe.wrap(key)), target);
        }

        @Override
        public void set(byte[] key, byte[] value) {
            map.put(new ContentKey(key.clone()), value.clone());
        }
    }

    /** What {@link Session#get} does with the value it found, or with none. */
    static int copy(byte @Nullable [] value, byte[] target) {
        if (value == null) {
            return MISS;
        }
        System.arraycopy(value, 0, target, 0, value.length);
        return value.length;
    }
}
