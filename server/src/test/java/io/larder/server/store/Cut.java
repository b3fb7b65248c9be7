package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Something that is done to a store between the steps of a snapshot, at random, and that must not
 * show in it: the snapshot is what the store held when it began.
 */
enum Cut implements Proof {
    OVERWRITES {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            store.put(random.nextInt(KEYS), "after the cut");
        }
    },
    DELETIONS {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            store.delete(random.nextInt(KEYS));
        }
    },
    TOUCHES {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            store.touch(random.nextInt(KEYS), 2);
        }
    },
    INCREMENTS {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            store.increment(random.nextInt(KEYS), 1);
        }
    },
    /** New keys make the index split; what was copied may be overwritten where it went. */
    SPLITS {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            for (int i = random.nextInt(5); i > 0; i--) {
                store.put(KEYS + random.nextInt(1 << 20), "new");
            }
            store.put(random.nextInt(KEYS), "after the cut");
        }
    },
    COMPACTION {
        @Override
        void meanwhile(StoreFixture store, Random random) {
            store.reclaim(random.nextInt(2), ALL_SURVIVE);
            store.put(random.nextInt(KEYS), "after the cut");
        }
    };

    private static final int KEYS = 150;
    private static final int SEEDS = 20;
    private static final String VALUE_END = "0";

    /** Does something, outside of every lock. */
    abstract void meanwhile(StoreFixture store, Random random);

    @Override
    public void holdFor(ShardAssembly assembly) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                holdFor(assembly, new Random(seed));
            } catch (IOException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void holdFor(ShardAssembly assembly, Random random) throws IOException {
        StoreFixture store =
                new StoreFixture(
                        StoreFixture.config(2048, 256, 2),
                        HeapMemory::allocate,
                        StoreFixture.NO_HITS,
                        assembly);
        Map<Integer, String> cut = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            store.put(key, key + VALUE_END, 1_000);
            cut.put(key, key + VALUE_END);
        }
        Map<Integer, String> found = new HashMap<>();
        StoreSnapshot snapshot = new StoreSnapshot(store.shards.toArray(new Shard[0]), 1);
        snapshot.take(
                1,
                Liveness.ALL,
                (block, length, items) -> {
                    collect(block, length, items, found);
                    meanwhile(store, random);
                });
        StoreAudit.check(store);

        assertThat(found).isEqualTo(cut);
    }

    /** A whole snapshot with nothing between. */
    static Map<Integer, String> snapshot(StoreFixture store, Liveness liveness) throws IOException {
        Map<Integer, String> found = new HashMap<>();
        store.store.snapshot(
                store.now,
                liveness,
                (block, length, items) -> collect(block, length, items, found));
        return found;
    }

    static void collect(byte[] block, int length, int items, Map<Integer, String> found) {
        SnapshotItem item = new SnapshotItem();
        int offset = 0;
        for (int i = 0; i < items; i++) {
            offset = item.wrap(block, offset, length);
            int key = ByteBuffer.wrap(item.key().toByteArray()).getInt();
            String value = new String(item.value().toByteArray(), StandardCharsets.ISO_8859_1);
            if (item.expiryMillis() == 2) {
                value += " touched";
            }
            if (found.put(key, value) != null) {
                throw new AssertionError("key " + key + " comes twice");
            }
        }
        assertThat(offset).isEqualTo(length);
    }
}
