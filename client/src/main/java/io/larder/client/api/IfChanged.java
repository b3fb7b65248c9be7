package io.larder.client.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "is there something newer than what I have?": another entry, the same one still, or
 * none any more.
 */
public final class IfChanged<V> {
    private static final IfChanged<?> UNCHANGED = new IfChanged<>(null, true);
    private static final IfChanged<?> MISSING = new IfChanged<>(null, false);

    private final @Nullable Entry<V> entry;
    private final boolean unchanged;

    private IfChanged(@Nullable Entry<V> entry, boolean unchanged) {
        this.entry = entry;
        this.unchanged = unchanged;
    }

    /** There is an entry of another version. */
    public static <V> IfChanged<V> changed(Entry<V> entry) {
        return new IfChanged<>(entry, false);
    }

    /** The entry still has the version that the caller knows. */
    @SuppressWarnings("unchecked") // holds no V
    public static <V> IfChanged<V> unchanged() {
        return (IfChanged<V>) UNCHANGED;
    }

    /** There is no entry. */
    @SuppressWarnings("unchecked") // holds no V
    public static <V> IfChanged<V> missing() {
        return (IfChanged<V>) MISSING;
    }

    /** The entry, if there is one of another version than the caller knows. */
    public Optional<Entry<V>> entry() {
        return Optional.ofNullable(entry);
    }

    /** True if there is an entry of another version. */
    public boolean isChanged() {
        return entry != null;
    }

    /** True if the entry still has the version that the caller knows. */
    public boolean isUnchanged() {
        return unchanged;
    }

    /** True if there is no entry. */
    public boolean isMissing() {
        return entry == null && !unchanged;
    }

    @Override
    public String toString() {
        return isChanged() ? "changed: " + entry : unchanged ? "unchanged" : "missing";
    }
}
