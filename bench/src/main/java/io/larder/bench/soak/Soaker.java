package io.larder.bench.soak;

import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.ValueSink;
import io.larder.server.store.WriteStatus;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * One soaking thread: it writes its own keys in every way there is, reads everybody's, and knows of
 * each answer whether the key's history allows it. See {@link SoakModel} for what it may see.
 *
 * <p>Of its own keys a thread knows all: which write a hit must be, with which version and expiry.
 * It may not know that a key is gone (evicted); it does know that one it found gone stays so.
 */
final class Soaker implements ValueSink {
    /** Region 0 is never cleared; the others have one key in {@link #REGION_SHARE} each. */
    static final int REGIONS = 5;

    private static final int REGION_SHARE = 64;

    private static final int KEY_BYTES = 12;
    private static final int COUNTER_MARK = 1 << 31;
    private static final int COUNTERS = 1_024;
    private static final long GONE = Mutation.VERSION_ABSENT;
    private static final int TTL_MILLIS_MIN = 20;
    private static final int TTL_MILLIS_MAX = 60_000;

    /**
     * A touch prolongs only what has this long to live: a thread held up between clock and touch
     * must not revive what another, whose clock is later, has seen expire.
     */
    private static final long TOUCH_MILLIS_LEFT = 30_000;

    /** Of a hundred operations; the rest reads. */
    private static final int PUTS = 30;

    private static final int DELETES = PUTS + 5;
    private static final int CAS = DELETES + 7;
    private static final int TOUCHES = CAS + 4;
    private static final int INCREMENTS = TOUCHES + 4;
    private static final int CLEARS_PER_MILLION = 3;

    /**
     * What all soaking threads share.
     *
     * @param model of the keys
     * @param tally of what they do
     * @param store that they soak
     * @param clock of that store
     * @param regions of that store
     * @param sizes of values
     */
    record Shared(
            SoakModel model,
            SoakTally tally,
            Store store,
            Clock clock,
            RegionTable regions,
            SoakSizes sizes) {}

    private final int id;
    private final SoakModel model;
    private final SoakTally tally;
    private final Store store;
    private final Clock clock;
    private final RegionTable regions;
    private final SoakSizes sizes;
    private final SplittableRandom random;

    /** By key, the least number that a hit may still have, as far as this thread has seen. */
    private final int[] floors;

    // By own key (its place among the owner's).
    private final long[] versions;
    private final long[] expiries;

    private final long[] counters = new long[COUNTERS];
    private final boolean[] counted = new boolean[COUNTERS];

    private final Mutation mutation = new Mutation();
    private final byte[] keyBytes = new byte[KEY_BYTES];
    private final ByteBuffer keyView = ByteBuffer.wrap(keyBytes);
    private final SoakValue value;
    private final SoakValue seen;
    private int seenLength;
    private long seenVersion;
    private long seenExpiry;

    /** The owner of this number, from 0. */
    Soaker(int id, Shared shared, SplittableRandom random) {
        this.id = id;
        this.model = shared.model();
        this.tally = shared.tally();
        this.store = shared.store();
        this.clock = shared.clock();
        this.regions = shared.regions();
        this.sizes = shared.sizes();
        this.random = random;
        this.floors = new int[model.keys()];
        int own = model.keys() / model.owners() + 1;
        this.versions = new long[own];
        this.expiries = new long[own];
        this.value = new SoakValue(SoakSizes.max());
        this.seen = new SoakValue(SoakSizes.max());
    }

    /** Does one random operation. */
    void step() {
        int key = skewed();
        int choice = random.nextInt(100);
        if (choice < PUTS) {
            put(model.ownKey(key, id));
        } else if (choice < DELETES) {
            delete(model.ownKey(key, id));
        } else if (choice < CAS) {
            compareAndSet(model.ownKey(key, id));
        } else if (choice < TOUCHES) {
            touch(model.ownKey(key, id));
        } else if (choice < INCREMENTS) {
            increment(random.nextInt(COUNTERS));
        } else {
            get(key);
        }
        if (random.nextInt(1_000_000) < CLEARS_PER_MILLION) {
            clear(1 + random.nextInt(REGIONS - 1));
        }
        tally.operations.increment();
    }

    /** Some keys are asked for more than others; about one in ten half of the time. */
    private int skewed() {
        double drawn = random.nextDouble();
        return (int) (model.keys() * drawn * drawn * drawn);
    }

    private static int regionOf(int key) {
        int part = ((key * 0x9E3779B9) >>> 8) % REGION_SHARE;
        return part < REGIONS ? part : 0;
    }

    /** Points the mutation to a key, in its region's present space; gives the time. */
    private long aim(int key) {
        mutation.reset();
        keyView.putInt(0, key).putLong(4, key * 0x9E3779B97F4A7C15L);
        int space = regions.space(key < 0 ? 0 : regionOf(key));
        mutation.key.wrap(store.hasher(), space, keyBytes);
        return clock.nowMillis();
    }

    private int place(int ownKey) {
        return ownKey / model.owners();
    }

    private boolean isGone(int ownKey) {
        return versions[place(ownKey)] == GONE;
    }

    private void foundGone(int ownKey) {
        versions[place(ownKey)] = GONE;
        floors[ownKey] = model.completed(ownKey) + 1;
    }

    private void get(int key) {
        int completed = model.completed(key);
        int least = Math.max(floors[key], completed);
        long now = aim(key);
        boolean own = model.ownerOf(key) == id;
        if (store.get(mutation.key, now, this) == ReadStatus.MISS) {
            tally.misses.increment();
            if (own) {
                foundGone(key);
            } else {
                floors[key] = Math.max(least, completed + 1);
            }
            return;
        }
        tally.hits.increment();
        int most = model.begun(key);
        if (!seen.isOf(key, seenLength)) {
            tally.wrong("key %d: not its value, %d bytes", key, seenLength);
            return;
        }
        int sequence = seen.sequence();
        if (sequence < least || sequence > most) {
            tally.wrong("key %d: write %d (expected: %d..%d)", key, sequence, least, most);
        }
        if (seenExpiry <= now) {
            tally.wrong("key %d: expired at %d, seen at %d", key, seenExpiry, now);
        }
        if (own && isGone(key)) {
            tally.wrong("key %d: a hit after a miss, write %d", key, sequence);
        } else if (own) {
            require("version", key, versions[place(key)], seenVersion);
            require("expiry", key, expiries[place(key)], seenExpiry);
        }
        floors[key] = Math.max(least, sequence);
    }

    @Override
    public void accept(ItemView item) {
        seenLength = item.valueLength();
        seenVersion = item.version();
        seenExpiry = item.expiryMillis();
        if (seenLength <= seen.bytes().length) { // it may be garbage that the read will discard
            item.copyTo(seen.bytes(), 0);
        }
    }

    private void put(int key) {
        boolean ifAbsent = random.nextInt(8) == 0;
        boolean wasGone = isGone(key);
        long now = aim(key);
        mutation.presence = ifAbsent ? Mutation.Presence.ABSENT : Mutation.Presence.ANY;
        WriteStatus status = write(key, now);
        if (status == WriteStatus.EXISTS && ifAbsent) {
            if (wasGone) {
                tally.wrong("key %d: exists after it was gone", key);
            } else {
                require("version", key, versions[place(key)], mutation.version);
            }
        } else if (status != WriteStatus.DONE && status != WriteStatus.BUSY) {
            tally.wrong("key %d: put: %s", key, status);
        }
    }

    private void compareAndSet(int key) {
        long version = versions[place(key)];
        boolean right = !isGone(key) && random.nextInt(4) != 0;
        long now = aim(key);
        mutation.ifVersion = true;
        mutation.expectedVersion = right ? version : version + 1;
        WriteStatus status = write(key, now);
        switch (status) {
            case MISSING -> foundGone(key);
            case BUSY -> {}
            case DONE -> {
                if (!right) {
                    tally.wrong("key %d: cas of a version it did not have", key);
                }
            }
            case VERSION_MISMATCH -> {
                if (right || version == GONE) {
                    tally.wrong("key %d: version %d, known %d", key, mutation.version, version);
                }
            }
            default -> tally.wrong("key %d: cas: %s", key, status);
        }
    }

    /** Stores the key's next value under the conditions set. */
    private WriteStatus write(int key, long now) {
        int sequence = model.begin(key);
        int length = sizes.length(random.nextInt() >>> 1);
        value.write(key, sequence, length);
        mutation.value.wrap(value.bytes(), 0, length);
        mutation.expiryMillis = expiry(now);
        WriteStatus status = store.put(mutation, now);
        if (status == WriteStatus.DONE) {
            model.complete(key, sequence);
            versions[place(key)] = mutation.version;
            expiries[place(key)] = mutation.expiryMillis;
        } else if (status == WriteStatus.BUSY) {
            tally.busy.increment();
        }
        return status;
    }

    private long expiry(long now) {
        return random.nextInt(4) == 0
                ? now + TTL_MILLIS_MIN + random.nextInt(TTL_MILLIS_MAX)
                : Mutation.NEVER;
    }

    private void delete(int key) {
        boolean wasGone = isGone(key);
        long now = aim(key);
        int sequence = model.begin(key);
        WriteStatus status = store.delete(mutation, now);
        if (status == WriteStatus.DONE) {
            model.complete(key, sequence);
            if (wasGone) {
                tally.wrong("key %d: deleted after it was gone", key);
            }
        } else if (status != WriteStatus.MISSING) {
            tally.wrong("key %d: delete: %s", key, status);
        }
        foundGone(key);
    }

    private void touch(int key) {
        long expiry = expiries[place(key)];
        if (!isGone(key) && expiry - clock.nowMillis() < TOUCH_MILLIS_LEFT) {
            return;
        }
        boolean wasGone = isGone(key);
        long now = aim(key);
        mutation.expiryMillis = expiry(now);
        WriteStatus status = store.touch(mutation, now, null);
        if (status == WriteStatus.MISSING) {
            foundGone(key);
        } else if (status != WriteStatus.DONE || wasGone) {
            tally.wrong("key %d: touch: %s (gone: %s)", key, status, wasGone);
        } else {
            require("version", key, versions[place(key)], mutation.version);
            expiries[place(key)] = mutation.expiryMillis;
        }
    }

    /** A counter goes on by what is added, or begins anew. */
    private void increment(int counter) {
        long now = aim(COUNTER_MARK | (counter * model.owners() + id));
        mutation.delta = random.nextLong(1, 10);
        mutation.createIfAbsent = true;
        mutation.keepExpiry = true;
        WriteStatus status = store.increment(mutation, now);
        if (status == WriteStatus.BUSY) {
            tally.busy.increment();
            return;
        }
        boolean goesOn = counted[counter] && mutation.number == counters[counter] + mutation.delta;
        if (status != WriteStatus.DONE || (!goesOn && mutation.number != mutation.delta)) {
            tally.wrong(
                    "counter %d: %s %d after %d",
                    counter, status, mutation.number, counters[counter]);
        }
        counted[counter] = true;
        counters[counter] = mutation.number;
    }

    private void clear(int region) {
        try {
            regions.clear(region);
            model.countClear();
        } catch (RegionLimitException e) {
            throw new IllegalStateException(e);
        }
    }

    private void require(String what, int key, long expected, long actual) {
        if (expected != actual) {
            tally.wrong("key %d: %s %d (expected: %d)", key, what, actual, expected);
        }
    }
}
