package io.larder.server.region;

/**
 * Regions or their spaces have run out. The message has the shape {@code name: value (expected:
 * …)}.
 */
public final class RegionLimitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long limit;

    RegionLimitException(String name, long value, long limit) {
        super(name + ": " + value + " (expected: at most " + limit + ")");
        this.limit = limit;
    }

    /** The limit that was reached. */
    public long limit() {
        return limit;
    }
}
