package io.larder.server.store;

import org.agrona.collections.Long2LongHashMap;

/**
 * The fills that were begun in one shard and have not ended: for each key at most one, by the key's
 * hash. Everything needs the shard's lock, or that of whatever an engine has for a shard.
 */
/*
 * A fill is a put on behalf of a reader who missed, then loaded the value elsewhere. What was loaded
 * may be older than a write that came meanwhile, and must lose against it.
 *
 *   beginFill   lock · the key has the version the reader saw · note (hash, fill) · unlock
 *   any write   lock · ... · strike (hash) · publish or bury · unlock
 *   the put     lock · (hash, fill) is still noted, no floor has risen · strike, publish · unlock
 *
 * All three are steps in the shard's one line of holds. A write between begin and put strikes the
 * note, so the put is refused; one before begin is seen by the reader's load, which comes after; one
 * after the put overwrites it. It does not matter what is left of the write when the put comes: its
 * item may have expired, been evicted and its segment recycled, the tombstone of a delete forgotten;
 * and a delete that found nothing strikes all the same. That is why fills are noted, and not judged
 * by the versions that are found in memory.
 *
 * A fill is named by the version it takes at its begin: no other fill of the shard has it, and the
 * floors of invalidations, which are versions too, tell which came later.
 *
 * Two keys of one hash would strike each other's notes: a value is not stored then, never wrongly.
 */
public class OpenFills {
    private final Long2LongHashMap fills = new Long2LongHashMap(Mutation.NO_FILL);

    /** Notes a fill; a further one ends the first. */
    public void begin(long hash, long fill) {
        fills.put(hash, fill);
    }

    /** The open fill of a key; {@link Mutation#NO_FILL} if there is none. */
    long fill(long hash) {
        return fills.isEmpty() ? Mutation.NO_FILL : fills.get(hash);
    }

    /** Whether this fill of a key is open. */
    public boolean isOpen(long hash, long fill) {
        return fill(hash) == fill;
    }

    /** Ends a fill, if it is open. */
    public void end(long hash, long fill) {
        if (isOpen(hash, fill)) {
            fills.remove(hash);
        }
    }

    /** The key is about to be another: ends its fill, if there is one. */
    public void changed(long hash) {
        if (!fills.isEmpty()) {
            fills.remove(hash);
        }
    }

    /** Ends all of them. */
    public void clear() {
        fills.clear();
    }
}
