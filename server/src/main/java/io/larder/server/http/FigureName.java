package io.larder.server.http;

/**
 * The name and unit under which Prometheus is shown a figure of the registry: prefix {@code
 * larder_}, base units (bytes, seconds), the unit last. Immutable.
 *
 * <p>{@code bytes_live} is {@code larder_live_bytes}, {@code oldest_micros} is {@code
 * larder_oldest_seconds}, a millionth each. That a counter ends in {@code _total} is the library's
 * doing.
 *
 * @param factor what a value is multiplied with
 */
record FigureName(String name, double factor) {
    private static final String PREFIX = "larder_";
    private static final String BYTES = "bytes_";

    static FigureName of(String figure) {
        if (figure.startsWith(BYTES)) {
            return new FigureName(PREFIX + figure.substring(BYTES.length()) + "_bytes", 1);
        }
        int unit = figure.lastIndexOf('_') + 1;
        double seconds =
                switch (figure.substring(unit)) {
                    case "millis" -> 1e-3;
                    case "micros" -> 1e-6;
                    case "nanos" -> 1e-9;
                    default -> 0;
                };
        return seconds == 0
                ? new FigureName(PREFIX + figure, 1)
                : new FigureName(PREFIX + figure.substring(0, unit) + "seconds", seconds);
    }
}
