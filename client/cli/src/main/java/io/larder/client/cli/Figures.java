package io.larder.client.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A server's figures at one moment, and what they say of the time since another. Immutable. A
 * figure that a server does not have is 0.
 */
final class Figures {
    private final Map<String, Double> values;
    private final long nanos;

    private Figures(Map<String, Double> values, long nanos) {
        this.values = values;
        this.nanos = nanos;
    }

    /**
     * Takes names and texts; what is no number is left out.
     *
     * @param nanos when that was, by {@link System#nanoTime}
     */
    static Figures of(Map<String, String> texts, long nanos) {
        Map<String, Double> values = new HashMap<>();
        texts.forEach(
                (name, text) -> {
                    try {
                        values.put(name, Double.parseDouble(text));
                    } catch (NumberFormatException e) {
                        // a word
                    }
                });
        return new Figures(Map.copyOf(values), nanos);
    }

    double get(String name) {
        return values.getOrDefault(name, 0.0);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** How fast a counter grew since {@code before}, a second; 0 if it was begun anew. */
    double perSecond(Figures before, String name) {
        double seconds = (nanos - before.nanos) / 1e9;
        double grown = get(name) - before.get(name);
        return seconds > 0 && grown > 0 ? grown / seconds : 0;
    }

    /** Hits among the reads since {@code before}, 0 to 1; NaN if there were none. */
    double hitRatio(Figures before) {
        ToDoubleFunction<String> grown = name -> get(name) - before.get(name);
        double hits = grown.applyAsDouble("hits");
        return hits / (hits + grown.applyAsDouble("misses"));
    }

    /** What the memory limit is not free of. */
    double usedBytes() {
        return get("memory_limit_bytes") - get("bytes_free");
    }
}
