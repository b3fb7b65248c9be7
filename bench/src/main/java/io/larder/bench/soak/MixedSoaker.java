package io.larder.bench.soak;

import io.larder.client.api.BytesCache;
import io.larder.client.api.ServerBusyException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One thread that stores, reads and deletes keys of its own on a server, and knows of each answer
 * whether it is right: a hit is the last write that was answered, whole; what was found gone stays
 * so. Its calls fail with what the client throws.
 */
final class MixedSoaker {
    private static final int KEY_BYTES = 12;
    private static final int GONE = 0;

    /** Of a hundred operations; the rest reads. */
    private static final int PUTS = 40;

    private static final int DELETES = PUTS + 3;

    private final int first;
    private final int owners;
    private final int[] written; // by own key, the number of the last write, or GONE
    private final BytesCache cache;
    private final MixedSizes sizes;
    private final SoakTally tally;
    private final SplittableRandom random;
    private final SoakValue value = new SoakValue(MixedSizes.BYTES_MAX);
    private final SoakValue seen = new SoakValue(MixedSizes.BYTES_MAX);
    private int sequence;

    /**
     * The owner of every so-manieth key, of those there are.
     *
     * @param first of its keys
     * @param owners of all keys
     */
    MixedSoaker(
            int first,
            int owners,
            int keys,
            BytesCache cache,
            MixedSizes sizes,
            SoakTally tally,
            SplittableRandom random) {
        this.first = first;
        this.owners = owners;
        this.written = new int[Math.max(1, keys / owners)];
        this.cache = cache;
        this.sizes = sizes;
        this.tally = tally;
        this.random = random;
    }

    /** Does one random operation. Locking: blocks until the server has answered. */
    void step() {
        int place = random.nextInt(written.length);
        int choice = random.nextInt(100);
        try {
            if (choice < PUTS) {
                put(place);
            } else if (choice < DELETES) {
                delete(place);
            } else {
                get(place);
            }
        } catch (ServerBusyException e) {
            tally.busy.increment();
        }
        tally.operations.increment();
    }

    private int key(int place) {
        return first + place * owners;
    }

    private byte[] keyBytes(int place) {
        int key = key(place);
        return ByteBuffer.allocate(KEY_BYTES)
                .putInt(key)
                .putLong(key * 0x9E3779B97F4A7C15L)
                .array();
    }

    private void put(int place) {
        int length = sizes.length(random.nextInt() >>> 1, random.nextInt() >>> 1);
        int next = ++sequence;
        value.write(key(place), next, length);
        written[place] = GONE; // if it is refused, what was there may be gone or not
        boolean wasRefused = true;
        try {
            cache.put(keyBytes(place), Arrays.copyOf(value.bytes(), length));
            wasRefused = false;
        } finally {
            if (wasRefused) {
                deleteQuietly(place);
            }
        }
        written[place] = next;
    }

    /** So that it is known again what there is. */
    private void deleteQuietly(int place) {
        var unused = cache.delete(keyBytes(place));
    }

    private void delete(int place) {
        boolean wasThere = cache.delete(keyBytes(place));
        if (wasThere && written[place] == GONE) {
            tally.wrong("key %d: deleted after it was gone", key(place));
        }
        written[place] = GONE;
    }

    private void get(int place) {
        Optional<byte[]> found = cache.get(keyBytes(place));
        if (found.isEmpty()) {
            tally.misses.increment();
            written[place] = GONE;
            return;
        }
        tally.hits.increment();
        byte[] bytes = found.get();
        if (bytes.length > MixedSizes.BYTES_MAX) {
            tally.wrong("key %d: %d bytes", key(place), bytes.length);
            return;
        }
        System.arraycopy(bytes, 0, seen.bytes(), 0, bytes.length);
        if (!seen.isOf(key(place), bytes.length)) {
            tally.wrong("key %d: not its value, %d bytes", key(place), bytes.length);
        } else if (seen.sequence() != written[place]) {
            tally.wrong(
                    "key %d: write %d (expected: %d)", key(place), seen.sequence(), written[place]);
        }
    }
}
