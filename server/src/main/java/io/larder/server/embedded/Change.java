package io.larder.server.embedded;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is to become of an entry, as a function given to a {@link LarderMap} decides. Immutable. */
public final class Change {
    /** What kind of change it is. */
    enum Kind {
        KEEP,
        REMOVE,
        PUT
    }

    private static final Change KEEP = new Change(Kind.KEEP, null, null);
    private static final Change REMOVE = new Change(Kind.REMOVE, null, null);

    final Kind kind;
    final byte @Nullable [] value;
    final @Nullable Duration timeToLive;

    /** The entry that this one takes value and expiry from, if any. */
    final @Nullable Entry source;

    private Change(Kind kind, byte @Nullable [] value, @Nullable Duration timeToLive) {
        this(kind, value, timeToLive, null);
    }

    private Change(
            Kind kind,
            byte @Nullable [] value,
            @Nullable Duration timeToLive,
            @Nullable Entry source) {
        this.source = source;
        this.kind = kind;
        this.value = value;
        this.timeToLive = timeToLive;
    }

    /** It stays as it is, present or absent. */
    public static Change keep() {
        return KEEP;
    }

    /** It is absent afterwards. */
    public static Change remove() {
        return REMOVE;
    }

    /**
     * It has this value afterwards. A present entry keeps its expiry; a new one gets the region's
     * default. The array must not change until the operation has returned.
     */
    public static Change put(byte[] value) {
        return new Change(Kind.PUT, requireNonNull(value, "value"), null);
    }

    /** It has this value afterwards, and expires after {@code timeToLive}, which is positive. */
    public static Change put(byte[] value, Duration timeToLive) {
        return new Change(
                Kind.PUT, requireNonNull(value, "value"), requireNonNull(timeToLive, "timeToLive"));
    }

    /** It has the other's value and expiry afterwards. */
    public static Change copyOf(Entry other) {
        return new Change(Kind.PUT, other.value(), null, other);
    }
}
