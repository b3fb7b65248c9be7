package io.larder.client.jcache;

import io.larder.client.api.StoredValue;
import java.util.Optional;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what changes one entry: looks at it, has a rule decide, writes through to the origin,
 * and swings the entry by compare-and-set on the server. Any thread.
 *
 * <p>Locking: where writers or listeners are to see the changes of a key in their order, the key is
 * locked in this program, see {@link KeyLocks}.
 */
/*
 *   find entry and version -> decide -> writer -> create if absent | replace, remove if version
 *        ^                                              |
 *        +-------- another program was faster ----------+
 *
 * Who was slower decides again by what is there now, so that a condition and its change are one
 * step, in all programs. A writer is not asked again: the origin has this change already, and nobody
 * knows whether it has the faster one's before or after it. Then what is in the cache is removed, so
 * that the next read finds what the origin has, and the change counts as carried out: what the
 * origin has is the truth. In one program this does not happen, as the key is locked.
 */
final class Changes<K, V> {
    /** Each lost race is another program's change: so many mean that something else is wrong. */
    private static final int RACES_MAX = 10_000;

    private final Cache<K, V> cache;
    private final Entries<K, V> entries;
    private final Origin<K, V> origin;
    private final Expiry expiry;
    private final Listeners<K, V> listeners;
    private final KeyLocks locks;
    private final CacheStatistics statistics;
    private final Optional<Lifetime.Lasting> everyWrite;

    Changes(CacheParts<K, V> parts) {
        cache = parts.cache();
        entries = parts.entries();
        origin = parts.origin();
        expiry = parts.expiry();
        listeners = parts.listeners();
        locks = parts.locks();
        statistics = parts.statistics();
        everyWrite = expiry.everyWrite();
    }

    /** How long a value lives that is stored without a look at what was there; empty: look. */
    Optional<Lifetime.Lasting> blindWrite() {
        return listeners.isEmpty() ? everyWrite : Optional.empty();
    }

    /** Stores the value. */
    void put(K key, V value) {
        RawKey rawKey = entries.rawKey(key);
        StoredValue stored = entries.rawValue(value);
        Optional<Lifetime.Lasting> blind = blindWrite();
        if (blind.isPresent() && !origin.isWriteThrough()) {
            entries.store(rawKey, stored, blind.get().ttl());
            statistics.put(1);
        } else {
            apply(key, found -> Step.set(value));
        }
    }

    /** Removes the entry; false if there was none. */
    boolean remove(K key) {
        if (!listeners.isEmpty() || origin.isWriteThrough()) {
            return apply(key, found -> Step.remove()).before() != null;
        }
        boolean wasThere = entries.remove(entries.rawKey(key));
        statistics.removal(wasThere ? 1 : 0);
        return wasThere;
    }

    /** Carries out what the rule decides. */
    Step.Done<V> apply(K key, Step.Rule<V> rule) {
        RawKey rawKey = entries.rawKey(key);
        return listeners.isEmpty() && !origin.isWriteThrough()
                ? race(key, rawKey, rule, false)
                : locks.locked(rawKey, () -> race(key, rawKey, rule, true));
    }

    /** {@link #apply} of what the origin has already. */
    Step.Done<V> applyWritten(K key, RawKey rawKey, Step.Rule<V> rule) {
        return listeners.isEmpty()
                ? race(key, rawKey, rule, false)
                : locks.locked(rawKey, () -> race(key, rawKey, rule, false));
    }

    /** {@link #apply} of a rule that is asked once, unless another program is faster. */
    Step.Done<V> applyAlone(K key, Step.Rule<V> rule) {
        RawKey rawKey = entries.rawKey(key);
        return locks.locked(rawKey, () -> race(key, rawKey, rule, true));
    }

    private Step.Done<V> race(K key, RawKey rawKey, Step.Rule<V> rule, boolean writesThrough) {
        for (int races = 0; races < RACES_MAX; races++) {
            Found<V> found = entries.find(rawKey);
            Step<V> step = rule.decide(found);
            V value = step.value();
            StoredValue stored = value == null ? null : entries.rawValue(value);
            boolean isWritten = writesThrough && writeThrough(key, step);
            if (carryOut(new Attempt<>(key, rawKey, found, step, stored))) {
                return new Step.Done<>(step, found);
            }
            if (isWritten) {
                entries.remove(rawKey);
                return new Step.Done<>(step, found);
            }
        }
        throw new CacheException("another program was faster " + RACES_MAX + " times");
    }

    /** One look at an entry and what was decided by it; {@code stored} of SET and LOAD. */
    private record Attempt<K, V>(
            K key,
            RawKey rawKey,
            @Nullable Found<V> found,
            Step<V> step,
            @Nullable StoredValue stored) {}

    private boolean writeThrough(K key, Step<V> step) {
        V value = step.value();
        if (step.is(Step.Action.SET) && value != null) {
            origin.write(key, value);
        } else if (step.is(Step.Action.REMOVE)) {
            origin.delete(key);
        } else {
            return false;
        }
        return origin.isWriteThrough();
    }

    /** False if the entry is another one by now. */
    private boolean carryOut(Attempt<K, V> attempt) {
        Found<V> found = attempt.found;
        StoredValue stored = attempt.stored;
        V value = attempt.step.value();
        if (stored != null && value != null) {
            return found == null
                    ? create(attempt, value, stored)
                    : update(attempt, found, value, stored);
        }
        if (found != null && attempt.step.is(Step.Action.ACCESS)) {
            accessed(attempt.key, attempt.rawKey, found);
        }
        return found == null
                || !attempt.step.is(Step.Action.REMOVE)
                || remove(attempt.key, attempt.rawKey, found);
    }

    private boolean create(Attempt<K, V> attempt, V value, StoredValue stored) {
        if (!(expiry.onCreation() instanceof Lifetime.Lasting lasting)) {
            return true; // over before anybody saw it
        }
        if (!entries.create(attempt.rawKey, stored, lasting.ttl())) {
            return false;
        }
        countPut(attempt.step);
        listeners.created(cache, attempt.key, value);
        return true;
    }

    private boolean update(Attempt<K, V> attempt, Found<V> found, V value, StoredValue stored) {
        Lifetime lifetime = expiry.onUpdate();
        boolean isDone =
                lifetime instanceof Lifetime.Over
                        ? entries.remove(attempt.rawKey, found.version())
                        : entries.replace(
                                attempt.rawKey,
                                found.version(),
                                stored,
                                lifetime instanceof Lifetime.Lasting lasting
                                        ? lasting.ttl()
                                        : Lifetime.left(found));
        if (!isDone) {
            return false;
        }
        countPut(attempt.step);
        listeners.updated(cache, attempt.key, value, found.value());
        if (lifetime instanceof Lifetime.Over) {
            listeners.expired(cache, attempt.key, value);
        }
        return true;
    }

    private void countPut(Step<V> step) {
        statistics.put(step.is(Step.Action.SET) ? 1 : 0);
    }

    private boolean remove(K key, RawKey rawKey, Found<V> found) {
        if (!entries.remove(rawKey, found.version())) {
            return false;
        }
        statistics.removal(1);
        listeners.removed(cache, key, found.value());
        return true;
    }

    /** Has the policy say what becomes of an entry that was read. */
    void accessed(K key, RawKey rawKey, Found<V> found) {
        Lifetime lifetime = expiry.onAccess();
        if (lifetime instanceof Lifetime.Lasting lasting) {
            entries.touch(rawKey, lasting.ttl());
        } else if (lifetime instanceof Lifetime.Over) {
            expire(key, rawKey, found);
        }
    }

    /** Removes an entry that is over. */
    void expire(K key, RawKey rawKey, Found<V> found) {
        if (entries.remove(rawKey, found.version())) {
            listeners.expired(cache, key, found.value());
        }
    }
}
