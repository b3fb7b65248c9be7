package io.larder.server.accesslog;

import io.larder.server.memory.Slice;
import io.larder.server.metrics.ThreadStripes;
import io.larder.server.store.AccessSampler;
import io.larder.server.store.Key;
import io.larder.server.store.RemovalCause;

/**
 * Writes down what a store tells of its sample, for those who learn from it: as {@link AccessLog},
 * any thread appends to a ring that is its own, {@link #drain} is for one thread at a time, and
 * what finds no room is dropped and counted. The one that drains also says what is sampled.
 *
 * <p>Bounds: {@value #RING_RECORDS} records of 64 bytes for each thread that met a key of the
 * sample.
 */
public final class SampleLog extends AccessSampler {
    private static final int RING_RECORDS = 1024;
    private static final int BATCH_RECORDS = 32;

    private final AccessRings rings = new AccessRings(RING_RECORDS * Sample.WORDS);
    private final byte separator;

    // Of the draining thread.
    private final long[] batch = new long[BATCH_RECORDS * Sample.WORDS];
    private final Sample sample = new Sample();

    /**
     * A log that nothing is written to before {@link #sample} says what.
     *
     * @param separator the byte that ends the prefix of a key
     */
    public SampleLog(byte separator) {
        this.separator = separator;
    }

    /**
     * Has the keys taken of whose hashes so many bits are zero, and one in {@code 1 << passingBits}
     * of all others by turns. For the draining thread.
     *
     * @param turn whose turn it is, another number each time
     */
    public void sample(int keptBits, int passingBits, int turn) {
        rates(keptBits, passingBits, turn);
    }

    /** Locking: none. */
    @Override
    public void read(Key key, boolean isHit, int itemBytes, long expiryMillis) {
        SampleKind kind = isHit ? SampleKind.HIT : SampleKind.MISS;
        append(kind, key.space(), key.hash(), key.bytes(), itemBytes, expiryMillis);
    }

    /** Locking: none beside the caller's. */
    @Override
    public void stored(Key key, boolean isNew, int itemBytes, long expiryMillis) {
        SampleKind kind = isNew ? SampleKind.NEW : SampleKind.OVERWRITE;
        append(kind, key.space(), key.hash(), key.bytes(), itemBytes, expiryMillis);
    }

    @Override
    protected void removed(RemovalCause cause, int space, long hash, Slice key) {
        append(SampleKind.of(cause), space, hash, key, 0, 0);
    }

    private void append(
            SampleKind kind, int space, long hash, Slice key, int itemBytes, long expiryMillis) {
        int own = ThreadStripes.own();
        AccessRing ring = own == ThreadStripes.NONE ? rings.claimShared() : rings.own(own);
        if (ring == null) {
            return;
        }
        long tail = ring.claim(Sample.WORDS);
        if (tail != AccessRing.FULL) {
            int turns = passingBits(hash) + 1;
            int prefix = prefixBytes(key);
            Sample.write(
                    ring, tail, kind, hash, space, itemBytes, expiryMillis, turns, key, prefix);
            ring.releaseTail(tail + Sample.WORDS);
        }
        if (own == ThreadStripes.NONE) {
            ring.unclaim();
        }
    }

    private int prefixBytes(Slice key) {
        int end = Math.min(key.length(), Sample.PREFIX_BYTES_MAX);
        for (int index = 0; index < end; index++) {
            if (key.getByte(index) == separator) {
                return index + 1;
            }
        }
        return 0;
    }

    /**
     * Hands over what the rings hold, ring after ring, until {@code budget} records are exceeded;
     * returns how many. For one thread at a time; what one thread did comes in its order.
     */
    public int drain(SampleSink sink, int budget) {
        int taken = 0;
        for (int visited = 0; visited < rings.length() && taken < budget; visited++) {
            AccessRing ring = rings.next();
            if (ring != null) {
                taken += drain(ring, sink);
            }
        }
        return taken;
    }

    /** One ring's length at most, however fast its producer is. */
    private int drain(AccessRing ring, SampleSink sink) {
        int taken = 0;
        int records;
        do {
            records = drainBatch(ring, sink);
            taken += records;
        } while (records == BATCH_RECORDS && taken < RING_RECORDS);
        return taken;
    }

    private int drainBatch(AccessRing ring, SampleSink sink) {
        int words = ring.drainTo(batch, batch.length);
        for (int at = 0; at < words; at += Sample.WORDS) {
            sink.accept(sample.wrap(batch, at));
        }
        return words / Sample.WORDS;
    }

    /** Records dropped so far. For any thread. */
    public long dropped() {
        return rings.dropped();
    }
}
