package io.larder.bench.stampede;

import java.util.List;

/**
 * What a round of loads came to.
 *
 * @param loads by key, of all processes together
 * @param values how many were got
 * @param millis how long the round took
 */
record LoadCount(List<Integer> loads, int values, long millis) {
    double loadsPerKey() {
        return loads.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }

    boolean isOneLoadPerKey() {
        return loads.stream().allMatch(count -> count == 1);
    }
}
