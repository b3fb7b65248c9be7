package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;

import io.larder.server.memory.History.Weakening;
import java.util.ArrayList;
import java.util.List;

/**
 * What can happen to a key, or around it, while it is read: each a line of writes, met by a read in
 * every way there is.
 */
enum Meeting implements Proof {
    OVERWRITE {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            with.begin(KEY, "a");
            with.step("put b", () -> store.put(KEY, "b"), "b");
            with.step("put c", () -> store.put(KEY, "c"), "c");
        }
    },
    DELETE_AND_PUT {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            with.begin(KEY, "a");
            with.step("delete", () -> store.delete(KEY), null);
            with.step("put b", () -> store.put(KEY, "b"), "b");
            with.step("delete again", () -> store.delete(KEY), null);
        }
    },
    TOUCH {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a", 100);
            with.begin(KEY, "a");
            with.step("touch", () -> store.touch(KEY, 200), "a");
            with.step("put b", () -> store.put(KEY, "b", 300), "b");
            with.step("touch b", () -> store.touch(KEY, 400), "b");
        }
    },
    EXPIRED_BY_TOUCH {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a", 100);
            with.begin(KEY, "a");
            with.step("touch into the past", () -> store.touch(KEY, 1), null);
            with.maintenance("reclaim", () -> store.reclaim(0, ALL_SURVIVE));
            with.step("put b", () -> store.put(KEY, "b", 300), "b");
        }
    },
    /** The key moves on; where it was, another key of the same tag is written. */
    RELOCATE_AND_REUSE {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            fillSegment(store);
            with.begin(KEY, "a");
            with.maintenance("relocate", () -> store.reclaim(0, onlyTheFirst()));
            with.maintenance("reuse", () -> takePlace(store));
        }
    },
    /** Evicted; where it was, another key of the same tag is written; then it comes back. */
    EVICT_AND_REUSE {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            fillSegment(store);
            with.begin(KEY, "a");
            with.step("evict", () -> store.reclaim(0, NONE_SURVIVES), null);
            with.maintenance("reuse", () -> takePlace(store));
            with.step("put b", () -> store.put(KEY, "b"), "b");
        }
    },
    /** Its place is its own again, in the segment's next life. */
    EVICT_AND_COME_BACK {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            with.begin(KEY, "a");
            with.step("evict", () -> store.reclaim(0, NONE_SURVIVES), null);
            with.step("put b", () -> store.put(KEY, "b"), "b");
            with.step("evict again", () -> store.reclaim(0, NONE_SURVIVES), null);
            with.step("put c", () -> store.put(KEY, "c"), "c");
        }
    },
    TOUCH_WHILE_RELOCATED {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a", 100);
            fillSegment(store);
            with.begin(KEY, "a");
            with.maintenance("copy", () -> store.reclaimBatch(0, onlyTheFirst()));
            with.step("touch", () -> store.touch(KEY, 200), "a");
            with.maintenance("settle", () -> store.reclaim(0, NONE_SURVIVES));
            with.step("touch the copy", () -> store.touch(KEY, 300), "a");
        }
    },
    OVERWRITE_WHILE_RELOCATED {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            fillSegment(store);
            with.begin(KEY, "a");
            with.maintenance("copy", () -> store.reclaimBatch(0, onlyTheFirst()));
            with.step("put b", () -> store.put(KEY, "b"), "b");
            with.maintenance("settle", () -> store.reclaim(0, NONE_SURVIVES));
        }
    },
    /** The bucket of the key is split and the key goes to its image. */
    SPLIT_AWAY {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            int moving = store.keyWhere(KEY, hash -> (hash & 1) == 1);
            store.put(moving, "a");
            putMany(store, 4, 0, 0);
            with.begin(moving, "a");
            with.maintenance("split", () -> putMany(store, 1, 0, 0));
            with.step("put b", () -> store.put(moving, "b"), "b");
        }
    },
    /** The key goes to its image out of an overflow bucket, into one. */
    SPLIT_AWAY_FROM_OVERFLOW {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            putMany(store, 9, 3, 2);
            int moving = store.keyWhere(KEY, hash -> (hash & 3) == 2);
            store.put(moving, "a");
            with.begin(moving, "a");
            with.maintenance("split", () -> putMany(store, 1, 3, 2));
        }
    },
    /** The key stays, but the chain's holes are filled from its end, where the key is. */
    SPLIT_PULLS_TOGETHER {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            putMany(store, 3, 3, 0);
            putMany(store, 6, 3, 2);
            int staying = store.keyWhere(KEY, hash -> (hash & 3) == 0);
            store.put(staying, "a");
            with.begin(staying, "a");
            with.maintenance("split", () -> putMany(store, 1, 3, 2));
            with.step("put b", () -> store.put(staying, "b"), "b");
        }
    },
    /** An overflow bucket on the way to the key empties and goes to another chain. */
    OVERFLOW_UNLINKED_AND_REUSED {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            putMany(store, 7, 15, 1);
            putMany(store, 7, 15, 0);
            store.space = DEAD_SPACE;
            putMany(store, 7, 15, 0);
            store.space = StoreFixture.SPACE;
            int last = store.keyWhere(KEY, hash -> (hash & 15) == 0);
            store.put(last, "a");
            with.begin(last, "a");
            with.maintenance("sweep", () -> sweep(store));
            with.maintenance("reuse", () -> putMany(store, 1, 15, 1));
            with.step("put b", () -> store.put(last, "b"), "b");
        }
    },
    SWEEP {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.space = DEAD_SPACE;
            store.put(KEY, "a");
            with.begin(KEY, "a");
            with.step("sweep", () -> sweep(store), null);
            with.step("put b", () -> store.put(KEY, "b"), "b");
        }
    },
    /** The segment the key was in becomes a piece of the index. */
    RELOCATE_AND_INDEX {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            fillSegment(store);
            with.begin(KEY, "a");
            with.maintenance("relocate", () -> store.reclaim(0, onlyTheFirst()));
            with.maintenance("grow", () -> growIndex(store));
        }
    },
    /** Memory is short: where the key was, another key of the same tag is written at once. */
    HOLE_FILLED {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            int other = store.doubleOf(KEY);
            store.put(KEY, "a");
            store.put(other, "y");
            while (store.shards.get(0).segments.free() >= store.store.lowWatermark()) {
                store.put(FILLER, "x");
            }
            store.policies.get(0).fillingHoles = true;
            with.begin(KEY, "a");
            with.step("put b", () -> store.put(KEY, "b"), "b");
            with.maintenance("fill the hole", () -> store.put(other, "z"));
            with.step("put c", () -> store.put(KEY, "c"), "c");
            with.maintenance("fill another", () -> store.put(other, "w"));
        }
    },
    /** The most dead segment is compacted around the key; then something else lies there. */
    COMPACT_AND_REUSE {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            fillSegment(store);
            store.policies.get(0).compacting = true;
            with.begin(KEY, "a");
            with.maintenance("copy", () -> store.reclaimBatch(0, NONE_SURVIVES));
            with.step("touch", () -> store.touch(KEY, 200), "a");
            with.maintenance("settle", () -> store.reclaim(0, NONE_SURVIVES));
            with.maintenance("reuse", () -> takePlace(store));
        }
    },
    /** No memory is left to lengthen the chain: a new key takes the slot of the coldest. */
    CHAIN_FULL {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            int coldest = store.keyWhere(KEY, hash -> (hash & 15) == 0);
            store.put(coldest, "a");
            putMany(store, 6, 15, 0);
            exhaust(store, 2);
            with.begin(coldest, "a");
            with.step("insert", () -> putMany(store, 1, 15, 0), null);
            with.maintenance("insert another", () -> putMany(store, 1, 15, 0));
        }
    },
    /** No memory is left for a tombstone: the slot is emptied, and taken by another key. */
    DELETE_WITHOUT_TOMBSTONE {
        @Override
        void play(Interleavings with) {
            StoreFixture store = with.fixture();
            store.put(KEY, "a");
            exhaust(store, 0);
            with.begin(KEY, "a");
            with.step("delete", () -> store.delete(KEY), null);
            with.maintenance("reclaim", () -> store.reclaim(0, NONE_SURVIVES));
            with.maintenance("insert", () -> putMany(store, 1, 0, 0));
            with.step("put b", () -> store.put(KEY, "b"), "b");
        }
    };

    static final int KEY = 7;
    private static final int DEAD_SPACE = 2;
    private static final int FILLER = 1 << 20;
    private static final int ITEM_BYTES = 32;

    static final StoreConfig CONFIG = StoreFixture.config(24, 256, 1);

    /** Prepares a store, begins, and does its steps. */
    abstract void play(Interleavings with);

    @Override
    public void holdFor(ShardAssembly assembly) {
        holdFor(assembly, Weakening.NONE);
    }

    /** As {@link #holdFor(ShardAssembly)}, for a scan of the whole store in place of a read. */
    void holdForScans(ShardAssembly assembly) {
        Interleavings interleavings =
                new Interleavings(CONFIG, assembly, Weakening.NONE).withScans();
        play(interleavings);
        interleavings.explore();
    }

    /** As {@link #holdFor(ShardAssembly)}, on a machine that leaves an ordering out. */
    void holdFor(ShardAssembly assembly, Weakening weakening) {
        Interleavings interleavings = new Interleavings(CONFIG, assembly, weakening);
        play(interleavings);
        interleavings.explore();
    }

    /** Overwrites one filler until the segment the key is in is sealed. */
    private static void fillSegment(StoreFixture store) {
        for (int i = 0; i < 8; i++) {
            store.put(FILLER, "f");
        }
    }

    /** Fills segments until the one last freed is reused, from its start, by the key's double. */
    private static void takePlace(StoreFixture store) {
        int other = store.doubleOf(KEY);
        for (int i = 0; i < 8; i++) {
            store.put(other, "z");
        }
    }

    /** Lets one item survive, the first that is asked about. */
    private static Survival onlyTheFirst() {
        boolean[] asked = {false};
        return (freq, itemBytes) -> {
            boolean first = !asked[0];
            asked[0] = true;
            return first;
        };
    }

    /** Inserts {@code count} new keys whose hashes have {@code bits} under {@code mask}. */
    private static void putMany(StoreFixture store, int count, long mask, long bits) {
        int number = FILLER + 1;
        for (int i = 0; i < count; number++) {
            number = store.keyWhere(number, hash -> (hash & mask) == bits);
            if (!store.get(number).isHit()) {
                store.put(number, "p");
                i++;
            }
        }
    }

    private static void growIndex(StoreFixture store) {
        long before = store.shards.get(0).index.bytes();
        while (store.shards.get(0).index.bytes() < before + 4 * HashIndex.BUCKET_BYTES) {
            putMany(store, 1, 0, 0);
        }
    }

    private static void sweep(StoreFixture store) {
        long bucket = 0;
        while (bucket >= 0) {
            bucket = store.store.sweep(0, bucket, 4, (space, version) -> space != DEAD_SPACE);
        }
    }

    /**
     * Uses segments up until none is left for writes and the open one has room for {@code items}.
     */
    private static void exhaust(StoreFixture store, int items) {
        SegmentTable segments = store.shards.get(0).segments;
        while (segments.free() > store.config.copySegments()) {
            store.put(FILLER, "x");
        }
        ((RecordedAssembly.RecordedIndex) store.shards.get(0).index).useUpChunks();
        List<Integer> log = new ArrayList<>();
        store.shards.get(0).log.forEachSegment(log::add);
        int open = log.get(0);
        while (segments.tail(open) + ITEM_BYTES * (items + 1) <= segments.segmentBytes()) {
            store.put(FILLER, "x");
        }
    }
}
