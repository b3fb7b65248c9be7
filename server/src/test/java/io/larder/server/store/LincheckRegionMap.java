package io.larder.server.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What {@link LincheckRegion} must be indistinguishable from: a map, and which keys are tagged. */
public class LincheckRegionMap {
    private final Map<Integer, Integer> map = new HashMap<>();
    private final Set<Integer> tagged = new HashSet<>();

    public int get(int key) {
        return map.getOrDefault(key, 0);
    }

    public boolean put(int key, int value) {
        map.put(key, value);
        tagged.remove(key);
        return true;
    }

    public boolean putTagged(int key, int value) {
        map.put(key, value);
        tagged.add(key);
        return true;
    }

    public boolean delete(int key) {
        tagged.remove(key);
        return map.remove(key) != null;
    }

    public void clearRegion() {
        map.clear();
        tagged.clear();
    }

    public void clearTag() {
        map.keySet().removeAll(tagged);
        tagged.clear();
    }

    public void clearPrefix() {
        clearRegion();
    }

    public void relocate() {}

    public void sweep() {}
}
