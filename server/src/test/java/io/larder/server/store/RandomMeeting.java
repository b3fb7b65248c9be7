package io.larder.server.store;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A line of writes nobody thought of: a few keys, some of them in one chain and two with one tag,
 * put, deleted, touched, moved and evicted at random in a store so small that its index splits and
 * its segments are reused. The same seed gives the same line.
 */
final class RandomMeeting {
    private static final int STEPS = 6;
    private static final int KEYS = 12;
    private static final int KEY = 7;

    private final Random random;
    private final Interleavings with;
    private final StoreFixture store;
    private final int[] keys = new int[KEYS];
    private @Nullable String value;
    private int writes;

    RandomMeeting(long seed, Interleavings with) {
        this.random = new Random(seed);
        this.with = with;
        this.store = with.fixture();
        keys[0] = KEY;
        keys[1] = store.doubleOf(keys[0]);
        long hash = store.key(keys[0]).hash();
        for (int i = 2; i < KEYS; i++) {
            long mask = i < 10 ? random.nextInt(8) : 0;
            keys[i] = store.keyWhere(i * 1000, other -> ((other ^ hash) & mask) == 0);
        }
    }

    /** Prepares the store, begins, and does the steps. */
    void play() {
        for (int i = random.nextInt(24); i > 0; i--) {
            put(anyKey());
        }
        with.begin(keys[0], value);
        for (int i = 0; i < STEPS; i++) {
            step();
        }
    }

    private void step() {
        int any = anyKey();
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> write("put", any, () -> put(any));
            case 4 -> {
                if (any == keys[0]) {
                    value = null;
                }
                write("delete", any, () -> store.delete(any));
            }
            case 5 -> write("touch", any, () -> store.touch(any, 1000 + ++writes));
            default -> reclaim();
        }
    }

    private void write(String name, int any, Runnable write) {
        if (any != keys[0]) {
            with.maintenance(name + " another", write);
            return;
        }
        String text = "w" + (writes + 1);
        if (name.equals("put")) {
            value = text;
        }
        with.step(name, write, value);
    }

    private void put(int any) {
        String text = "w" + ++writes;
        if (any == keys[0]) {
            value = text;
        }
        store.put(any, text);
    }

    private void reclaim() {
        int mode = random.nextInt(4);
        Random choice = new Random(random.nextLong());
        Survival survival =
                switch (mode) {
                    case 0 -> StoreFixture.ALL_SURVIVE;
                    case 1 -> StoreFixture.NONE_SURVIVES;
                    default -> (freq, itemBytes) -> choice.nextBoolean();
                };
        boolean whole = random.nextBoolean();
        boolean there =
                with.eviction(
                        "reclaim",
                        () -> {
                            if (whole) {
                                store.reclaim(0, survival);
                            } else {
                                store.reclaimBatch(0, survival);
                            }
                        });
        if (!there) {
            value = null;
        }
    }

    private int anyKey() {
        return keys[random.nextInt(3) == 0 ? 0 : random.nextInt(KEYS)];
    }
}
