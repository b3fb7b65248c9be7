package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Digits;
import io.larder.server.compat.Items;
import io.larder.server.compat.ScratchSink;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import java.util.Arrays;

/**
 * memcached's numbers: unsigned, 64 bits, that wrap upwards and stop at 0 downwards. A number that
 * gets shorter keeps its width, filled up with blanks. One event loop.
 */
final class Counting {
    /** No version is asked for. */
    static final long ANY_VERSION = 0;

    private static final int TRIES_MAX = 256;
    private static final int NUMBER_BYTES_MAX = 20;

    private final Items items;
    private final ScratchSink scratch;
    private final Digits digits = new Digits();
    private long number;

    Counting(Items items, ScratchSink scratch) {
        this.items = items;
        this.scratch = scratch;
    }

    /** What is stored now, if the last one was DONE. */
    long number() {
        return number;
    }

    /**
     * Adds or takes away, by a compare-and-swap of the item's version: again if another one was
     * faster.
     *
     * @param mutation with the key, and the version that the caller gives the item, if any
     * @param version which the item has to have, or {@link #ANY_VERSION}
     * @param newExpiryMillis from then on; {@link #KEEP_EXPIRY} leaves it
     */
    WriteStatus add(
            Mutation mutation, long delta, boolean isUp, long version, long newExpiryMillis) {
        long callerVersion = mutation.callerVersion;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (!items.read(mutation.key, scratch)) {
                return WriteStatus.MISSING;
            }
            if (scratch.valueBytes() == 0) {
                return WriteStatus.NOT_A_NUMBER;
            }
            if (version != ANY_VERSION && !scratch.isVersion(version)) {
                return WriteStatus.VERSION_MISMATCH;
            }
            int width = scratch.valueBytes();
            if (width > NUMBER_BYTES_MAX || !digits.readUnsigned(scratch.value(), width)) {
                return WriteStatus.NOT_A_NUMBER;
            }
            long before = digits.value();
            number =
                    isUp
                            ? before + delta
                            : Long.compareUnsigned(delta, before) > 0 ? 0 : before - delta;
            mutation.reset();
            scratch.keepIn(mutation);
            mutation.callerVersion = callerVersion;
            wrapNumber(mutation, width);
            if (newExpiryMillis != KEEP_EXPIRY) {
                mutation.expiryMillis = newExpiryMillis;
            }
            scratch.expectSeen(mutation, true);
            WriteStatus status = items.put(mutation);
            if (status != WriteStatus.VERSION_MISMATCH && status != WriteStatus.MISSING) {
                return status;
            }
        }
        return WriteStatus.BUSY;
    }

    /** Leaves the expiry as it is. */
    static final long KEEP_EXPIRY = -1;

    /** Has a mutation store a number that begins with this one. */
    void begin(Mutation mutation, long first) {
        number = first;
        wrapNumber(mutation, 0);
    }

    private void wrapNumber(Mutation mutation, int width) {
        byte[] value = scratch.grown(NUMBER_BYTES_MAX);
        int length = Ascii.putUnsigned(value, number);
        if (length < width) {
            Arrays.fill(value, length, width, (byte) ' ');
        }
        mutation.value.wrap(value, 0, Math.max(width, length));
    }
}
