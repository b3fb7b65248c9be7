package io.larder.bench.linearizable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of places that a search has reached, without those that another one makes superfluous. For
 * one thread.
 */
/*
 * An uncertain operation may happen later, or never: who has used fewer of them, the rest being the
 * same, can go on in every way that the other one can. So of each state and set of operations done,
 * only the smallest sets of uncertain ones used are kept.
 */
final class Configurations {
    /**
     * A place in the search.
     *
     * @param state of the key
     * @param done the open operations that have happened, by slot
     * @param used the uncertain ones that have, by slot of their own
     */
    record Configuration(KeyState state, long done, long used) {}

    private record Place(KeyState state, long done) {}

    private final Map<Place, List<Configuration>> kept = new HashMap<>();
    private int size;

    /** Adds one, unless it is superfluous; those that it makes superfluous go. */
    boolean add(Configuration added) {
        List<Configuration> rivals =
                kept.computeIfAbsent(
                        new Place(added.state(), added.done()), place -> new ArrayList<>(1));
        for (Configuration rival : rivals) {
            if ((rival.used() & ~added.used()) == 0) {
                return false;
            }
        }
        int before = rivals.size();
        rivals.removeIf(rival -> (added.used() & ~rival.used()) == 0);
        rivals.add(added);
        size += rivals.size() - before;
        return true;
    }

    /** All that are kept. */
    List<Configuration> all() {
        return kept.values().stream().flatMap(List::stream).toList();
    }

    int size() {
        return size;
    }
}
