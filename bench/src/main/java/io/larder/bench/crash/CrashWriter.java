package io.larder.bench.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ServerBusyException;
import io.larder.client.api.Ttl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Writes, deletes, touches and clears the keys of a region that nobody else uses, one operation
 * after the other, until it is stopped or its server is gone; later checks what is left of them.
 */
final class CrashWriter implements Runnable {
    private static final int OPERATIONS = 10_000;
    private static final int PUTS = 6_500;
    private static final int DELETES = PUTS + 1_000;
    private static final int TOUCHES = DELETES + 800;
    private static final int READS = TOUCHES + 1_690;
    private static final int INVALIDATIONS = READS + 7;
    private static final Ttl TTL = Ttl.ofMillis(3_600_000);
    private static final int BATCH = 64;
    private static final int TAGS = 4;

    private final int number;
    private final CrashKeys keys;
    private final CrashTally tally;
    private final SplittableRandom random;
    private long writes;
    private volatile boolean isStopped;
    private volatile BytesCache cache;

    CrashWriter(int number, int keyCount, CrashTally tally, long seed, BytesCache cache) {
        this.number = number;
        this.keys = new CrashKeys(number, keyCount, tally);
        this.tally = tally;
        this.random = new SplittableRandom(seed);
        this.cache = cache;
    }

    /** The region of a writer. */
    static String region(int number) {
        return "crash-" + number;
    }

    /** Goes on with another server. */
    void use(BytesCache newCache) {
        cache = newCache;
        isStopped = false;
    }

    void stop() {
        isStopped = true;
    }

    @Override
    public void run() {
        while (!isStopped) {
            try {
                operate(random.nextInt(keys.count()));
            } catch (ServerBusyException e) {
                tally.uncertain.increment();
            } catch (LarderException e) {
                tally.uncertain.increment();
                return; // the server is gone
            }
        }
    }

    private void operate(int key) {
        int choice = random.nextInt(OPERATIONS);
        if (choice < PUTS) {
            put(key);
        } else if (choice < DELETES) {
            delete(key);
        } else if (choice < TOUCHES) {
            cache.touch(CrashValue.keyOf(key), TTL);
            tally.touches.increment();
        } else if (choice < READS) {
            cache.get(CrashValue.keyOf(key)).ifPresent(value -> keys.check(key, value));
        } else {
            removeAll(choice < INVALIDATIONS, random.nextBoolean());
        }
    }

    private void put(int key) {
        long write = ++writes;
        keys.begin(key, write);
        PutOptions options = PutOptions.DEFAULT.tags("all", "tag-" + key % TAGS);
        cache.put(CrashValue.keyOf(key), CrashValue.of(number, key, write), options);
        keys.done(key, write);
    }

    private void delete(int key) {
        keys.begin(key, CrashKeys.ABSENT);
        cache.delete(CrashValue.keyOf(key));
        keys.done(key, CrashKeys.ABSENT);
        tally.deletes.increment();
    }

    private void removeAll(boolean isInvalidation, boolean byTag) {
        keys.beginAll();
        if (isInvalidation) {
            if (byTag) {
                cache.invalidateTag("all");
            } else {
                cache.invalidatePrefix(CrashValue.KEY_PREFIX.getBytes(US_ASCII));
            }
            tally.invalidations.increment();
        } else {
            cache.clear();
            tally.clears.increment();
        }
        keys.doneAll();
    }

    /** The part of the keys that should be there which is. */
    double hitRatio() {
        int expected = 0;
        int found = 0;
        for (int key = 0; key < keys.count(); key++) {
            if (keys.isThere(key)) {
                expected++;
                found += cache.get(CrashValue.keyOf(key)).isPresent() ? 1 : 0;
            }
        }
        return expected == 0 ? 1 : (double) found / expected;
    }

    /** Reads every key and holds it against what may be. */
    void check() {
        for (int from = 0; from < keys.count(); from += BATCH) {
            int to = Math.min(from + BATCH, keys.count());
            List<byte[]> batch = new ArrayList<>();
            for (int key = from; key < to; key++) {
                batch.add(CrashValue.keyOf(key));
            }
            List<Optional<byte[]>> values = cache.getAll(batch);
            for (int i = 0; i < values.size(); i++) {
                int key = from + i;
                values.get(i)
                        .ifPresentOrElse(
                                value -> keys.check(key, value), () -> keys.checkAbsent(key));
            }
        }
    }
}
