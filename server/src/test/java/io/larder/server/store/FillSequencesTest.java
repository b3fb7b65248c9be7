package io.larder.server.store;

import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A cache beside an origin, as programs use it: who changes the origin then deletes, overwrites or
 * invalidates what is cached; who misses loads, and fills. Every step is one hold of the shard's
 * lock, so all there is to concurrency is the order of the steps, which is drawn by seed. Whatever
 * the order, what is found in the cache is what the origin has.
 */
class FillSequencesTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 400;
    private static final int KEYS = 3;
    private static final int LOADERS = 4;

    /** One who loads: has begun a fill and read the origin, or is idle. */
    private static final class Loader {
        int key;
        long fill = Mutation.NO_FILL;
        int loaded;
    }

    /** A run of steps; false as soon as the cache has something old. */
    private static final class Run {
        final Random random;
        final StoreFixture store;
        final int[] origin = new int[KEYS];
        final Loader[] loaders = new Loader[LOADERS];
        int fillsStored;
        int fillsRefused;

        Run(long seed, ShardAssembly assembly) {
            random = new Random(seed);
            store =
                    new StoreFixture(
                            StoreFixture.config(64, 1024, 1),
                            HeapMemory::allocate,
                            StoreFixture.NO_HITS,
                            assembly);
            for (int i = 0; i < LOADERS; i++) {
                loaders[i] = new Loader();
            }
        }

        boolean isNeverStale() {
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(3) == 0) {
                    change(random.nextInt(KEYS));
                } else if (random.nextInt(10) == 0) {
                    maintain();
                } else {
                    load(loaders[random.nextInt(LOADERS)]);
                }
                for (int key = 0; key < KEYS; key++) {
                    StoreFixture.Outcome found = store.get(key);
                    if (found.isHit() && !found.value().equals(String.valueOf(origin[key]))) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** The origin's change and the cache's are one step: in between anything old is right. */
        private void change(int key) {
            origin[key]++;
            switch (random.nextInt(5)) {
                case 0 -> store.putTagged(key, String.valueOf(origin[key]), "tag" + key);
                case 1 -> store.invalidatePrefix(0, 0, 0, key);
                case 2 -> store.invalidateTag("tag" + key);
                default -> store.delete(key);
            }
        }

        private void maintain() {
            store.now += random.nextInt(12_000);
            if (random.nextBoolean()) {
                store.sweep();
            } else {
                store.reclaim(0, NONE_SURVIVES);
            }
        }

        private void load(Loader loader) {
            if (loader.fill == Mutation.NO_FILL) {
                loader.key = random.nextInt(KEYS);
                loader.fill = begin(loader.key);
            } else if (loader.loaded == 0) {
                loader.loaded = origin[loader.key] + 1;
            } else {
                Mutation mutation = store.mutationOf(loader.key, String.valueOf(loader.loaded - 1));
                mutation.fill = loader.fill;
                mutation.addTag(store.tag("tag" + loader.key));
                if (store.store.put(mutation, store.now) == WriteStatus.DONE) {
                    fillsStored++;
                } else {
                    fillsRefused++;
                }
                loader.fill = Mutation.NO_FILL;
                loader.loaded = 0;
            }
        }

        /** On a miss, or to refresh. */
        private long begin(int key) {
            StoreFixture.Outcome found = store.get(key);
            return store.store.beginFill(store.key(key), found.version(), store.now);
        }
    }

    @Test
    void fills_leaveNothingOldInTheCache() {
        int stored = 0;
        int refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed, new ShardAssembly());
            assertThat(run.isNeverStale()).as("seed %d", seed).isTrue();
            stored += run.fillsStored;
            refused += run.fillsRefused;
        }
        assertThat(stored).isGreaterThan(1_000);
        assertThat(refused).isGreaterThan(1_000);
    }

    /** Fills that a change of the key does not end. */
    private static final class DeafFills extends OpenFills {
        @Override
        public void changed(long hash) {}
    }

    /** Fills that count without having been begun. */
    private static final class BlindFills extends OpenFills {
        @Override
        public boolean isOpen(long hash, long fill) {
            return true;
        }
    }

    @Test
    void brokenTwins_areCaught() {
        assertThat(isCaught(new DeafFills())).isTrue();
        assertThat(isCaught(new BlindFills())).isTrue();
    }

    private static boolean isCaught(OpenFills twin) {
        for (long seed = 0; seed < SEEDS; seed++) {
            if (!new Run(seed, with(twin)).isNeverStale()) {
                return true;
            }
        }
        return false;
    }

    private static ShardAssembly with(OpenFills twin) {
        return new ShardAssembly() {
            @Override
            Shard shard(
                    int id,
                    SegmentTable segments,
                    HashIndex index,
                    SegmentLog log,
                    KeyHasher hasher,
                    long nowMillis) {
                Shard shard = super.shard(id, segments, index, log, hasher, nowMillis);
                shard.fills = twin;
                return shard;
            }
        };
    }
}
