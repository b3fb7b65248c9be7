package io.larder.server.store;

import io.larder.server.store.LincheckStore.Found;
import java.util.HashMap;
import java.util.Map;

/** What {@link LincheckStore} must be indistinguishable from: a map and a version. */
public class LincheckMap {
    private static final int COLD = -1;

    private final Map<Integer, Found> map = new HashMap<>();
    private long version;
    private int splits;

    /** Holds the fillers. */
    public LincheckMap() {
        for (int i = 0; i < LincheckStore.FILLERS; i++) {
            write(LincheckStore.FIRST_FILLER + i, 1);
        }
    }

    public Found get(int key) {
        return map.get(LincheckStore.KEYS[key]);
    }

    public long put(int key, int value) {
        return write(LincheckStore.KEYS[key], value);
    }

    public long putIfVersion(int key, int value, int expected) {
        Found found = get(key);
        return found != null && found.version() == expected ? put(key, value) : 0;
    }

    public long delete(int key) {
        return map.remove(LincheckStore.KEYS[key]) == null ? 0 : ++version;
    }

    public long increment(int key) {
        Found found = get(key);
        if (found == null) {
            return -1;
        }
        long number = found.number() + 1;
        map.put(LincheckStore.KEYS[key], new Found(number, ++version, found.expiryMillis()));
        return number;
    }

    public long compute(int key) {
        Found found = get(key);
        long number = found == null ? 1 : 2 * found.number();
        return number > 9 ? delete(key) : write(LincheckStore.KEYS[key], (int) number);
    }

    public long touch(int key, int expiryMillis) {
        Found found = get(key);
        if (found == null) {
            return 0;
        }
        map.put(LincheckStore.KEYS[key], new Found(found.number(), found.version(), expiryMillis));
        return found.version();
    }

    public long scan(int key) {
        Found found = get(key);
        return found == null ? 0 : found.version();
    }

    public long split() {
        return write(LincheckStore.FIRST_FILLER + LincheckStore.FILLERS + splits++, 1);
    }

    public long putCold() {
        return write(COLD, 0);
    }

    public boolean coldIsThere() {
        return map.containsKey(COLD);
    }

    public void relocate() {}

    public void evict() {
        map.remove(COLD);
    }

    private long write(int number, int value) {
        map.put(number, new Found(value, ++version, Mutation.NEVER));
        return version;
    }
}
