package io.larder.client.jcache;

import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the hands of an entry processor: what that does to it is kept here, and becomes one
 * step when it has returned. For the processor's thread.
 */
/*
 *   LEAVE --getValue--> ACCESS (it is there) | LOAD (it was loaded)
 *   any --setValue--> SET        any --remove--> REMOVE, but of an entry it has itself made: LEAVE
 */
final class ProcessedEntry<K, V> implements MutableEntry<K, V> {
    private final K key;
    private final Class<V> valueType;
    private final @Nullable Found<V> found;
    private final Origin<K, V> origin;
    private Step.Action action = Step.Action.LEAVE;
    private @Nullable V value;

    ProcessedEntry(K key, Class<V> valueType, @Nullable Found<V> found, Origin<K, V> origin) {
        this.key = key;
        this.valueType = valueType;
        this.found = found;
        this.origin = origin;
        this.value = found == null ? null : found.value();
    }

    /** What the processor has made of it. */
    Step<V> step() {
        boolean hasValue = action == Step.Action.SET || action == Step.Action.LOAD;
        return new Step<>(action, hasValue ? value : null);
    }

    @Override
    public K getKey() {
        return key;
    }

    @Override
    public boolean exists() {
        return value != null;
    }

    @Override
    public @Nullable V getValue() {
        if (action == Step.Action.LEAVE) {
            if (value != null) {
                action = Step.Action.ACCESS;
            } else if (origin.isReadThrough()) {
                value = origin.load(key);
                action = value == null ? Step.Action.LEAVE : Step.Action.LOAD;
            }
        }
        return value;
    }

    @Override
    public void setValue(V newValue) {
        value = valueType.cast(Objects.requireNonNull(newValue, "value"));
        action = Step.Action.SET;
    }

    @Override
    public void remove() {
        boolean isOwn = action == Step.Action.SET && found == null;
        action = isOwn ? Step.Action.LEAVE : Step.Action.REMOVE;
        value = null;
    }

    @Override
    public <T> T unwrap(Class<T> wanted) {
        return Unwrapping.as(wanted, this);
    }
}
