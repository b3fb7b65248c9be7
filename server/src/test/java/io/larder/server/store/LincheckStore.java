package io.larder.server.store;

import io.larder.server.memory.HeapMemory;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does to a store: one shard on the heap twin, prepared so that the next new key
 * splits a bucket. {@link LincheckMap} says what every operation must come to.
 *
 * <p>Nothing gets lost unless an operation says so: {@code relocate} moves all there is in the
 * oldest segment; {@code evict} drops one key, the cold one, that nothing else drops.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
@Param(name = "version", gen = IntGen.class, conf = "6:8")
@Param(name = "expiry", gen = IntGen.class, conf = "101:103")
public class LincheckStore {
    /** The first two have one tag and one chain; the last is there from the start. */
    static final int[] KEYS = {7, 421_791, 2, 10};

    static final int FIRST_FILLER = 10;
    static final int FILLERS = 5;
    static final String FILLING = "1";

    private static final int COLD_ITEM_BYTES = 40;
    private static final byte[] COLD = new byte[6];
    private static final byte[] COLD_VALUE = new byte[7];

    private final ShardedStore store;
    private final Shard shard;
    private final SurvivalPolicy policy;
    private int splits;

    /** A store as it is. */
    public LincheckStore() {
        this(new RecordedAssembly());
    }

    LincheckStore(ShardAssembly assembly) {
        StoreFixture fixture =
                new StoreFixture(
                        StoreFixture.config(20, 128, 1),
                        HeapMemory::allocate,
                        HitSink.FREQUENCY,
                        assembly);
        fixture.now = 0;
        for (int filler = FIRST_FILLER; filler < FIRST_FILLER + FILLERS; filler++) {
            fixture.put(filler, FILLING);
        }
        store = fixture.store;
        shard = fixture.shards.get(0);
        policy = fixture.policies.get(0);
    }

    /** What a read found, null if nothing. */
    public record Found(long number, long version, long expiryMillis) {}

    @Operation
    public Found get(@Param(name = "key") int key) {
        Mutation mutation = of(StoreFixture.keyBytes(KEYS[key]));
        return find(mutation.key);
    }

    private Found find(Key key) {
        Found[] found = {null};
        ReadStatus status =
                store.get(
                        key,
                        0,
                        item -> {
                            byte[] text = new byte[item.valueLength()];
                            item.copyTo(text, 0);
                            found[0] = new Found(number(text), item.version(), item.expiryMillis());
                        });
        return status == ReadStatus.HIT ? found[0] : null;
    }

    /** The number that {@code text} is; -1 if it is none, as garbage need not be. */
    private static long number(byte[] text) {
        return DecimalText.isLong(text, text.length) ? DecimalText.parse(text, text.length) : -1;
    }

    /** The new version. */
    @Operation
    public long put(@Param(name = "key") int key, @Param(name = "value") int value) {
        return put(KEYS[key], value, false, 0);
    }

    /** The new version, 0 if the condition did not hold. */
    @Operation
    public long putIfVersion(
            @Param(name = "key") int key,
            @Param(name = "value") int value,
            @Param(name = "version") int version) {
        return put(KEYS[key], value, true, version);
    }

    private long put(int number, int value, boolean ifVersion, long version) {
        Mutation mutation = of(StoreFixture.keyBytes(number));
        mutation.value.wrap(new byte[] {(byte) ('0' + value)}, 0, 1);
        mutation.ifVersion = ifVersion;
        mutation.expectedVersion = version;
        return store.put(mutation, 0) == WriteStatus.DONE ? mutation.version : 0;
    }

    /** The deletion's version, 0 if there was nothing to delete. */
    @Operation
    public long delete(@Param(name = "key") int key) {
        Mutation mutation = of(StoreFixture.keyBytes(KEYS[key]));
        return store.delete(mutation, 0) == WriteStatus.DONE ? mutation.version : 0;
    }

    /** The new number, -1 if the key is absent. */
    @Operation
    public long increment(@Param(name = "key") int key) {
        Mutation mutation = of(StoreFixture.keyBytes(KEYS[key]));
        mutation.delta = 1;
        mutation.keepExpiry = true;
        return store.increment(mutation, 0) == WriteStatus.DONE ? mutation.number : -1;
    }

    /**
     * Doubles the number, makes an absent one 1, and removes one beyond 9; returns the version it
     * then has.
     */
    @Operation
    public long compute(@Param(name = "key") int key) {
        Mutation mutation = of(StoreFixture.keyBytes(KEYS[key]));
        WriteStatus status =
                store.update(
                        new Mutation[] {mutation},
                        0,
                        (mutations, items) -> {
                            ItemView item = items[0];
                            long number = item == null ? 1 : 2 * numberOf(item);
                            mutation.change =
                                    number > 9 ? Mutation.Change.REMOVE : Mutation.Change.PUT;
                            mutation.value.wrap(new byte[] {(byte) ('0' + number)}, 0, 1);
                        });
        return status == WriteStatus.DONE ? mutation.version : 0;
    }

    private static long numberOf(ItemView item) {
        byte[] text = new byte[item.valueLength()];
        item.copyTo(text, 0);
        return number(text);
    }

    /** The item's version, 0 if the key is absent. */
    @Operation
    public long touch(@Param(name = "key") int key, @Param(name = "expiry") int expiryMillis) {
        Mutation mutation = of(StoreFixture.keyBytes(KEYS[key]));
        mutation.expiryMillis = expiryMillis;
        return store.touch(mutation, 0, null) == WriteStatus.DONE ? mutation.version : 0;
    }

    /**
     * The version that a scan found the key with, 0 if it did not: it is there or absent at some
     * moment of the scan, like a read of it.
     */
    @Operation
    public long scan(@Param(name = "key") int key) {
        byte[] bytes = StoreFixture.keyBytes(KEYS[key]);
        Scan scan = new Scan();
        scan.space = StoreFixture.SPACE;
        scan.prefix.wrap(bytes, 0, bytes.length);
        long[] version = {0};
        do {
            store.scan(
                    scan,
                    0,
                    item -> {
                        version[0] = item.version();
                        return true;
                    });
        } while (scan.cursor != Scan.END);
        return version[0];
    }

    /** Puts a key nobody else asks for, so that another bucket is split; the version. */
    @Operation(nonParallelGroup = "reclaim")
    public long split() {
        return put(FIRST_FILLER + FILLERS + splits++, 1, false, 0);
    }

    @Operation
    public long putCold() {
        Mutation mutation = of(COLD);
        mutation.value.wrap(COLD_VALUE, 0, COLD_VALUE.length);
        return store.put(mutation, 0) == WriteStatus.DONE ? mutation.version : 0;
    }

    @Operation
    public boolean coldIsThere() {
        return store.get(of(COLD).key, 0, item -> {}) == ReadStatus.HIT;
    }

    /** Copies the oldest segment's items on and frees it. */
    @Operation(nonParallelGroup = "reclaim")
    public void relocate() {
        reclaim(StoreFixture.ALL_SURVIVE);
    }

    /** Drops the cold key if it is there, wherever it is; it does not come back by itself. */
    @Operation(nonParallelGroup = "reclaim")
    public void evict() {
        if (!coldIsThere()) {
            return;
        }
        sealAll();
        long before = shard.account.evictions;
        int segments = store.sealedSegments(0);
        for (int i = 0; i < segments && shard.account.evictions == before; i++) {
            reclaim((freq, itemBytes) -> itemBytes != COLD_ITEM_BYTES);
        }
    }

    /** What lies in a segment still open is out of reach while there are sealed ones. */
    private void sealAll() {
        shard.lock.lock();
        try {
            shard.log.sealOpen();
        } finally {
            shard.lock.unlock();
        }
    }

    private void reclaim(Survival survival) {
        ShardedStore.Reclaimed reclaimed;
        policy.survival = survival;
        do {
            reclaimed = store.reclaim(0, Liveness.ALL);
        } while (reclaimed == ShardedStore.Reclaimed.PART);
    }

    private Mutation of(byte[] key) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), StoreFixture.SPACE, key);
        return mutation;
    }
}
