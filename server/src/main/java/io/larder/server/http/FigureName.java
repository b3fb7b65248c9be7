package io.larder.server.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The name and unit under which Prometheus is shown a figure of the registry: prefix {@code
 * larder_}, base units (bytes, seconds), the unit last. Immutable.
 *
 * <p>{@code bytes_live} is {@code larder_live_bytes}, {@code tier_read_micros_p50} is {@code
 * larder_tier_read_p50_seconds}, a millionth each; {@code overhead_bytes_per_item}, a unit of its
 * own, stays. That a counter ends in {@code _total} is the library's doing.
 *
 * @param factor what a value is multiplied with
 */
record FigureName(String name, double factor) {
    private static final String PREFIX = "larder_";
    private static final String PER = "per";

    private static final Map<String, FigureName> BASE_UNITS =
            Map.of(
                    "bytes", new FigureName("bytes", 1),
                    "millis", new FigureName("seconds", 1e-3),
                    "micros", new FigureName("seconds", 1e-6),
                    "nanos", new FigureName("seconds", 1e-9));

    static FigureName of(String figure) {
        List<String> words = new ArrayList<>(Arrays.asList(figure.split("_", -1)));
        for (int i = 0; i < words.size(); i++) {
            FigureName unit = BASE_UNITS.get(words.get(i));
            boolean isRatio = i + 1 < words.size() && words.get(i + 1).equals(PER);
            if (unit != null && !isRatio) {
                words.remove(i);
                words.add(unit.name());
                return new FigureName(PREFIX + String.join("_", words), unit.factor());
            }
        }
        return new FigureName(PREFIX + figure, 1);
    }
}
