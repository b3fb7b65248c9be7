package io.larder.bench.store;

import net.openhft.chronicle.map.ChronicleMap;

/** A Chronicle Map in memory, told the size of keys and values. */
final class ChronicleEngine implements Engine {
    private final ChronicleMap<byte[], byte[]> map;

    ChronicleEngine(int items) {
        map =
                ChronicleMap.of(byte[].class, byte[].class)
                        .name("bench")
                        .entries(items)
                        .constantKeySizeBySample(new byte[Items.KEY_BYTES])
                        .constantValueSizeBySample(new byte[Items.VALUE_BYTES])
                        .putReturnsNull(true)
                        .create();
    }

    @Override
    public Session session() {
        return new ChronicleSession(map);
    }

    @Override
    public long items() {
        return map.longSize();
    }

    @Override
    public void close() {
        map.close();
    }

    private static final class ChronicleSession implements Session {
        private final ChronicleMap<byte[], byte[]> map;

        ChronicleSession(ChronicleMap<byte[], byte[]> map) {
            this.map = map;
        }

        @Override
        public int get(byte[] key, byte[] target) {
            byte[] value = map.getUsing(key, target);
            if (value == target) { // it has read into the caller's buffer
                return target.length;
            }
            return MapEngine.copy(value, target);
        }

        @Override
        public void set(byte[] key, byte[] value) {
            map.put(key, value);
        }
    }
}
