package io.larder.server.peer;

import io.larder.server.memory.Slice;
import io.larder.server.store.EntryFunction;
import io.larder.server.store.ForwardingStore;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.larder.server.store.ValueSink;
import io.larder.server.store.ValueUpload;
import io.larder.server.store.WriteStatus;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The store in front while it is warmed: notes each key that a client changes, before it does,
 * until {@link #forget}. For any thread. Reads cost nothing more, writes two bits.
 */
/*
 * What is noted is never taken back, and lies in a fixed number of bits, two per key (a Bloom
 * filter): a key that was changed is always found, another one by a rare chance, and then it is not
 * warmed. More changes make that chance larger, never the memory.
 *
 * A warmed item is stored in these steps:
 *
 *   beginFill, if the key is absent  ->  not noted?  ->  put for that fill
 *
 * and a client's change is: note -> change. Say the change's step in the store comes before
 * beginFill: then its note is visible afterwards, and the item is left. Say it comes after: then it
 * ends the fill, whether it found something or not, and the put is refused. So a write, a delete, and
 * what has become of either since (expired, evicted) are never undone by what the peer had.
 */
public final class ChangedKeys extends ForwardingStore {
    private static final int WORDS = 1 << 20;
    private static final long BIT_MASK = (long) WORDS * Long.SIZE - 1;

    private final Set<Integer> invalidated = ConcurrentHashMap.newKeySet();
    private volatile @Nullable AtomicLongArray bits = new AtomicLongArray(WORDS);

    /** Notes what is changed in {@code target} from now on. */
    public ChangedKeys(Store target) {
        super(target);
    }

    /** Notes nothing any more: the warming is over. */
    public void forget() {
        bits = null;
    }

    /** Whether a client has changed the key, or, by a rare chance, another one. */
    boolean mayHave(Key key) {
        AtomicLongArray noted = bits;
        return noted == null
                || (isSet(noted, first(key.hash())) && isSet(noted, second(key.hash())));
    }

    /** Whether items of the space were invalidated by prefix. */
    boolean wasInvalidated(int space) {
        return invalidated.contains(space);
    }

    private void note(Mutation mutation) {
        AtomicLongArray noted = bits;
        if (noted != null) {
            set(noted, first(mutation.key.hash()));
            set(noted, second(mutation.key.hash()));
        }
    }

    private static long first(long hash) {
        return hash & BIT_MASK;
    }

    private static long second(long hash) {
        return hash >>> 32 & BIT_MASK;
    }

    private static boolean isSet(AtomicLongArray noted, long bit) {
        return (noted.get((int) (bit >>> 6)) & 1L << (bit & 63)) != 0;
    }

    private static void set(AtomicLongArray noted, long bit) {
        int word = (int) (bit >>> 6);
        long mask = 1L << (bit & 63);
        if ((noted.get(word) & mask) == 0) {
            noted.accumulateAndGet(word, mask, (before, more) -> before | more);
        }
    }

    @Override
    public WriteStatus put(Mutation mutation, long nowMillis) {
        note(mutation);
        return target.put(mutation, nowMillis);
    }

    @Override
    public WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        note(mutation);
        return target.put(mutation, upload, nowMillis);
    }

    @Override
    public WriteStatus delete(Mutation mutation, long nowMillis) {
        note(mutation);
        return target.delete(mutation, nowMillis);
    }

    @Override
    public WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        note(mutation);
        return target.touch(mutation, nowMillis, sink);
    }

    @Override
    public WriteStatus increment(Mutation mutation, long nowMillis) {
        note(mutation);
        return target.increment(mutation, nowMillis);
    }

    @Override
    public WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        note(mutation);
        return target.append(mutation, atEnd, nowMillis);
    }

    @Override
    public WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function) {
        for (Mutation mutation : mutations) {
            note(mutation);
        }
        return target.update(mutations, nowMillis, function);
    }

    @Override
    public WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis) {
        if (bits != null) {
            invalidated.add(space);
        }
        return target.invalidatePrefix(space, prefix, nowMillis);
    }
}
