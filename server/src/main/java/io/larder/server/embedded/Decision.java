package io.larder.server.embedded;

import static java.util.Objects.requireNonNull;

import io.larder.server.store.EntryFunction;
import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program's function in the form that the store calls: shows it copies, takes its changes over,
 * and keeps the values that come of them. For one operation.
 */
final class Decision implements EntryFunction {
    private final List<byte[]> keys;
    private final Function<? super List<@Nullable Entry>, List<Change>> function;
    private final Lifetime lifetime;
    private final long nowMillis;
    private final List<byte @Nullable []> values = new ArrayList<>();

    /** Turns times to live into expiries. */
    @FunctionalInterface
    interface Lifetime {
        /** The expiry of what is written now, the default for null. */
        long expiryMillis(@Nullable Duration timeToLive);
    }

    Decision(
            List<byte[]> keys,
            Function<? super List<@Nullable Entry>, List<Change>> function,
            Lifetime lifetime,
            long nowMillis) {
        this.keys = keys;
        this.function = function;
        this.lifetime = lifetime;
        this.nowMillis = nowMillis;
    }

    @Override
    public void apply(Mutation[] mutations, @Nullable ItemView[] items) {
        List<@Nullable Entry> entries = new ArrayList<>(items.length);
        for (int i = 0; i < items.length; i++) {
            ItemView item = items[i];
            boolean isAbsent = item == null || item.negative();
            entries.add(isAbsent ? null : Entry.of(keys.get(i), item, nowMillis));
        }
        List<Change> changes = function.apply(Collections.unmodifiableList(entries));
        if (changes.size() != mutations.length) {
            throw new IllegalArgumentException(
                    "changes: " + changes.size() + " (expected: " + mutations.length + ")");
        }
        values.clear();
        for (int i = 0; i < mutations.length; i++) {
            take(mutations[i], entries.get(i), requireNonNull(changes.get(i), "change"));
        }
    }

    private void take(Mutation mutation, @Nullable Entry entry, Change change) {
        byte[] value = change.value;
        if (value != null) {
            Entry kept = change.source == null ? entry : change.source;
            mutation.change = Mutation.Change.PUT;
            mutation.value.wrap(value, 0, value.length);
            mutation.expiryMillis =
                    kept != null && change.timeToLive == null
                            ? kept.expiryMillis
                            : lifetime.expiryMillis(change.timeToLive);
        } else if (change.kind == Change.Kind.REMOVE) {
            mutation.change = Mutation.Change.REMOVE;
        } else {
            mutation.change = Mutation.Change.KEEP;
            value = entry == null ? null : entry.value();
        }
        values.add(value);
    }

    /** The time that the operation goes by. */
    long nowMillis() {
        return nowMillis;
    }

    /** The first key's value afterwards, a copy; null if it is absent then. */
    byte @Nullable [] value() {
        byte[] value = values.get(0);
        return value == null ? null : value.clone();
    }
}
