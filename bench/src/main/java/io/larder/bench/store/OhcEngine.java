package io.larder.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.caffinitas.ohc.CacheSerializer;
import org.caffinitas.ohc.OHCache;
import org.caffinitas.ohc.OHCacheBuilder;

/**
 * OHC's linked implementation, its usual LRU, with room for all items and a table that need not
 * grow. A value is deserialized into a buffer that the reading thread reuses.
 */
final class OhcEngine implements Engine {
    static final int BYTES_PER_ITEM = 320;

    private static final long CAPACITY_BYTES_MIN = 16L << 20;

    private final OHCache<byte[], byte[]> cache;

    OhcEngine(int items) {
        OHCacheBuilder<byte[], byte[]> builder =
                OHCacheBuilder.<byte[], byte[]>newBuilder()
                        .keySerializer(new BytesSerializer(Items.KEY_BYTES))
                        .valueSerializer(new BytesSerializer(Items.VALUE_BYTES))
                        .capacity(Math.max(CAPACITY_BYTES_MIN, (long) BYTES_PER_ITEM * items))
                        .throwOOME(true);
        int segments = Math.max(1, builder.getSegmentCount());
        cache = builder.hashTableSize(Math.max(256, 2 * items / segments)).build();
    }

    @Override
    public Session session() {
        return new OhcSession(cache);
    }

    @Override
    public long items() {
        return cache.size();
    }

    @Override
    public void close() {
        try {
            cache.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Arrays of one length; reads into one array per thread. */
    private static final class BytesSerializer implements CacheSerializer<byte[]> {
        private final int length;
        private final ThreadLocal<byte[]> buffers;

        BytesSerializer(int length) {
            this.length = length;
            this.buffers = ThreadLocal.withInitial(() -> new byte[length]);
        }

        @Override
        public void serialize(byte[] array, ByteBuffer target) {
            target.put(array);
        }

        @Override
        public byte[] deserialize(ByteBuffer source) {
            byte[] array = buffers.get();
            source.get(array);
            return array;
        }

        @Override
        public int serializedSize(byte[] array) {
            return length;
        }
    }

    private static final class OhcSession implements Session {
        private final OHCache<byte[], byte[]> cache;

        OhcSession(OHCache<byte[], byte[]> cache) {
            this.cache = cache;
        }

        @Override
        public int get(byte[] key, byte[] target) {
            return MapEngine.copy(cache.get(key), target);
        }

        @Override
        public void set(byte[] key, byte[] value) {
            if (!cache.put(key, value)) {
                throw new IllegalStateException("put: refused");
            }
        }
    }
}
