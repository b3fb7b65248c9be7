package io.larder.bench.store;

import io.larder.server.LarderStore;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.ValueSink;
import io.larder.server.store.WriteStatus;

/** Larder's store, as a program that uses it as a library has it. */
final class LarderEngine implements Engine {
    /** An item with its share of the index, and as much again to write into. */
    static final int BYTES_PER_ITEM = 320;

    private static final long MEMORY_BYTES_MIN = 16L << 20;
    private static final int SPACE = 1;

    private final LarderStore store;

    LarderEngine(int items) {
        store = LarderStore.open(Math.max(MEMORY_BYTES_MIN, (long) BYTES_PER_ITEM * items));
    }

    @Override
    public Session session() {
        return new LarderSession(store.store(), store.clock());
    }

    @Override
    public long items() {
        return store.store().stats().items();
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class LarderSession implements Session, ValueSink {
        private final Store store;
        private final Clock clock;
        private final Mutation mutation = new Mutation();
        private byte[] target = {};
        private int length;

        LarderSession(Store store, Clock clock) {
            this.store = store;
            this.clock = clock;
        }

        @Override
        public int get(byte[] key, byte[] target) {
            this.target = target;
            long now = clock.nowMillis();
            mutation.key.wrap(store.hasher(), SPACE, key);
            return store.get(mutation.key, now, this) == ReadStatus.HIT ? length : MISS;
        }

        @Override
        public void accept(ItemView item) {
            length = item.valueLength();
            if (length <= target.length) { // it may be garbage that the read will discard
                item.copyTo(target, 0);
            }
        }

        @Override
        public void set(byte[] key, byte[] value) {
            mutation.key.wrap(store.hasher(), SPACE, key);
            mutation.value.wrap(value, 0, value.length);
            WriteStatus status = store.put(mutation, clock.nowMillis());
            if (status != WriteStatus.DONE) {
                throw new IllegalStateException("put: " + status);
            }
        }
    }
}
