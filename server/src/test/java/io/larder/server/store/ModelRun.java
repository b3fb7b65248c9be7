package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import io.larder.server.store.Mutation.Change;
import io.larder.server.store.Mutation.Presence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One seeded run of random operations on a store and on plain maps, one per shard: every status,
 * version, number and item must be the same. A key may go missing only if the store counted an
 * eviction for it; the model then forgets it too, at once. The store is audited now and then.
 */
final class ModelRun {
    private static final long TOMBSTONE_MILLIS = 10_000;
    private static final int AUDIT_EVERY = 256;
    private static final int TAGS = 3;

    /**
     * What a run is like.
     *
     * @param keys how many different keys
     * @param hashMask the low bits of the hash that all keys have in common
     * @param valueBytesMax the longest value
     * @param ttlMillisMax the longest time to live
     * @param evicts whether reclamation may drop what lives
     */
    record Setting(
            StoreConfig config,
            int keys,
            long hashMask,
            int valueBytesMax,
            int ttlMillisMax,
            boolean evicts) {}

    /** Sets a mutation's fields, twice the same. */
    private interface Filling {
        void fill(Mutation mutation);
    }

    private interface Write {
        WriteStatus on(Store store, Mutation mutation);
    }

    private final Setting setting;
    private final Random random;
    private final StoreFixture fixture;
    private final Store store;
    private final MapStore[] models;
    private final List<byte[]> keys = new ArrayList<>();
    private final Map<Integer, Long> deletions = new HashMap<>();
    private final Map<Integer, Long> deletedAt = new HashMap<>();
    private final Key key = new Key();
    private boolean marks;
    private long evictionsSeen;

    int lost;
    int busy;

    ModelRun(Setting setting, LongFunction<Memory> allocator, ShardAssembly assembly, long seed) {
        this.setting = setting;
        this.random = new Random(seed);
        this.fixture = new StoreFixture(setting.config(), allocator, this::hit, assembly);
        this.store = fixture.store;
        this.models = new MapStore[setting.config().shards()];
        for (int shard = 0; shard < models.length; shard++) {
            models[shard] = new MapStore(store.valueBytesMax(), setting.config().segmentBytes());
            models[shard].versionOffset(Shard.versionOffset(shard));
        }
        fixture.now = 1_000_000_007L;
        fixture.expiresFarOff = setting.ttlMillisMax() > 3_600_000;
        fixture.liveness = (space, version) -> space == fixture.space;
        fixture.reclaimer =
                new SpaceReclaimer() {
                    @Override
                    public void request(int shard) {}

                    @Override
                    public boolean help(int shard) {
                        reclaim();
                        return random.nextInt(8) > 0;
                    }
                };
        chooseKeys();
    }

    private void hit(Memory memory, long slotPosition, long slot, long hash) {
        if (marks) {
            HitSink.FREQUENCY.hit(memory, slotPosition, slot, hash);
        }
    }

    private void chooseKeys() {
        int number = 7;
        keys.add(StoreFixture.keyBytes(number));
        keys.add(StoreFixture.keyBytes(fixture.doubleOf(number)));
        while (keys.size() < setting.keys()) {
            byte[] any = new byte[random.nextInt(20) == 0 ? 100 : 2 + random.nextInt(24)];
            random.nextBytes(any);
            if ((key.wrap(store.hasher(), 1, any).hash() & setting.hashMask()) == 0) {
                keys.add(any);
            }
        }
    }

    /** The store that was run. */
    StoreFixture fixture() {
        return fixture;
    }

    void run(int count) {
        for (int i = 0; i < count; i++) {
            operation();
            noteEvictions();
            if (i % AUDIT_EVERY == 0) {
                audit();
            }
        }
        audit();
    }

    private void operation() {
        fixture.now += random.nextInt(100) == 0 ? random.nextInt(5_000) : random.nextInt(20);
        int which = random.nextInt(keys.size());
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4, 5 -> put(which);
            case 6 -> delete(which);
            case 7, 8 -> touch(which);
            case 9, 10 -> increment(which);
            case 11 -> append(which);
            case 12 -> reclaim();
            case 13 -> rarely();
            case 14 -> compute(which);
            case 15 -> swap(which, random.nextInt(keys.size()));
            default -> assertThat(get(which)).isEqualTo(modelOf(which));
        }
    }

    private void put(int which) {
        byte[] value = randomValue();
        boolean conditional = random.nextBoolean();
        Presence presence = conditional ? Presence.values()[random.nextInt(3)] : Presence.ANY;
        boolean ifVersion = conditional && random.nextInt(3) == 0;
        boolean ifNewer = conditional && random.nextInt(3) == 0;
        long expected = random.nextInt(4) == 0 ? random.nextInt(100) : versionOf(which);
        long expiryMillis = randomExpiry();
        int flags = random.nextInt(3) == 0 ? random.nextInt() : 0;
        long callerVersion =
                ifNewer || random.nextInt(4) == 0
                        ? random.nextLong() >>> random.nextInt(64)
                        : Mutation.NO_CALLER_VERSION;
        int format = random.nextInt(256);
        boolean negative =
                random.nextInt(8) == 0 && value.length <= setting.config().segmentBytes() / 2;
        int tags = random.nextInt(4) == 0 ? random.nextInt(1 << TAGS) : 0;
        write(
                which,
                mutation -> {
                    mutation.value.wrap(value, 0, value.length);
                    mutation.presence = presence;
                    mutation.ifVersion = ifVersion;
                    mutation.ifNewer = ifNewer;
                    mutation.expectedVersion = expected;
                    mutation.expiryMillis = expiryMillis;
                    mutation.clientFlags = flags;
                    mutation.callerVersion = callerVersion;
                    mutation.format = format;
                    mutation.negative = negative;
                    IntStream.range(0, TAGS)
                            .filter(tag -> (tags >> tag & 1) != 0)
                            .forEach(tag -> mutation.addTag(tag + 1));
                },
                (any, mutation) -> any.put(mutation, fixture.now));
    }

    private byte[] randomValue() {
        if (random.nextInt(3) == 0) {
            long number = random.nextLong() >> random.nextInt(64);
            return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
        }
        int most = setting.valueBytesMax();
        byte[] value = new byte[random.nextInt(random.nextInt(4) == 0 ? most : most / 4 + 1)];
        random.nextBytes(value);
        return value;
    }

    private long randomExpiry() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> Mutation.NEVER;
            case 3 -> fixture.now + random.nextInt(setting.ttlMillisMax());
            case 4 -> fixture.now - random.nextInt(3);
            default -> fixture.now + random.nextInt(3_000);
        };
    }

    private void delete(int which) {
        boolean ifVersion = random.nextInt(3) == 0;
        long expected = random.nextInt(4) == 0 ? 1 : versionOf(which);
        Mutation done =
                write(
                        which,
                        mutation -> {
                            mutation.ifVersion = ifVersion;
                            mutation.expectedVersion = expected;
                        },
                        (any, mutation) -> any.delete(mutation, fixture.now));
        if (done != null) {
            deletions.put(which, done.version);
            deletedAt.put(which, fixture.now);
        }
    }

    private void touch(int which) {
        long expiryMillis = randomExpiry();
        List<String> seen = new ArrayList<>();
        ValueSink sink = random.nextBoolean() ? item -> seen.add(describe(item)) : null;
        write(
                which,
                mutation -> mutation.expiryMillis = expiryMillis,
                (any, mutation) -> any.touch(mutation, fixture.now, sink));
        assertThat(seen.stream().distinct()).as("touched items").hasSizeLessThan(2);
        if (!seen.isEmpty()) {
            assertThat(seen).as("touched items, the store's and the model's").hasSize(2);
        }
    }

    private void increment(int which) {
        long delta = random.nextLong() >> random.nextInt(64);
        long initial = random.nextLong() >> random.nextInt(64);
        boolean create = random.nextBoolean();
        boolean keepExpiry = random.nextBoolean();
        long expiryMillis = randomExpiry();
        write(
                which,
                mutation -> {
                    mutation.delta = delta;
                    mutation.initial = initial;
                    mutation.createIfAbsent = create;
                    mutation.keepExpiry = keepExpiry;
                    mutation.expiryMillis = expiryMillis;
                },
                (any, mutation) -> any.increment(mutation, fixture.now));
    }

    private void append(int which) {
        byte[] value =
                new byte[random.nextInt(random.nextInt(8) > 0 ? 12 : setting.valueBytesMax())];
        random.nextBytes(value);
        boolean atEnd = random.nextBoolean();
        write(
                which,
                mutation -> mutation.value.wrap(value, 0, value.length),
                (any, mutation) -> any.append(mutation, atEnd, fixture.now));
    }

    private void compute(int which) {
        byte[] value = randomValue();
        long expiryMillis = randomExpiry();
        Change change = Change.values()[random.nextInt(3)];
        Presence presence = Presence.values()[random.nextInt(3)];
        write(
                which,
                mutation -> mutation.presence = presence,
                (any, mutation) ->
                        any.update(
                                new Mutation[] {mutation},
                                fixture.now,
                                (mutations, items) -> {
                                    mutation.change = change;
                                    put(mutation, items[0], value, expiryMillis);
                                }));
    }

    /** The value with the old one's length in front. */
    private static void put(
            Mutation mutation, @Nullable ItemView item, byte[] value, long expiryMillis) {
        byte[] longer = new byte[value.length + 1];
        longer[0] = item == null ? 1 : (byte) item.valueLength();
        System.arraycopy(value, 0, longer, 1, value.length);
        mutation.value.wrap(longer, 0, longer.length);
        mutation.expiryMillis = expiryMillis;
        mutation.clientFlags = item == null ? 0 : item.clientFlags();
    }

    /** In one step in the store; in the models, of which each is one shard, in two. */
    private void swap(int left, int right) {
        if (left == right) {
            return;
        }
        Mutation[] pair = {mutationOf(left, any -> {}), mutationOf(right, any -> {})};
        WriteStatus status =
                store.update(
                        pair,
                        fixture.now,
                        (mutations, items) -> {
                            take(mutations[0], items[1]);
                            take(mutations[1], items[0]);
                        });
        if (status != WriteStatus.DONE) {
            busy += status == WriteStatus.BUSY ? 1 : 0;
            return;
        }
        int first = Long.compareUnsigned(pair[0].key.hash(), pair[1].key.hash()) < 0 ? 0 : 1;
        for (int which : new int[] {first, 1 - first}) {
            Mutation wanted = mutationOf(which == 0 ? left : right, any -> {});
            Mutation done = pair[which];
            WriteStatus wantedStatus =
                    models[shardOf(wanted.key)].update(
                            new Mutation[] {wanted},
                            fixture.now,
                            (mutations, items) -> copy(done, wanted));
            assertThat(wantedStatus).isEqualTo(WriteStatus.DONE);
            assertThat(done.version).as("version").isEqualTo(wanted.version);
            deletions.remove(which == 0 ? left : right);
        }
    }

    private static void take(Mutation mutation, @Nullable ItemView other) {
        mutation.change = other == null ? Change.REMOVE : Change.PUT;
        if (other != null) {
            byte[] value = new byte[other.valueLength()];
            other.copyTo(value, 0);
            mutation.value.wrap(value, 0, value.length);
            mutation.expiryMillis = other.expiryMillis();
            mutation.clientFlags = other.clientFlags();
            mutation.callerVersion = other.callerVersion();
            mutation.format = other.format();
            mutation.negative = other.negative();
        }
    }

    private static void copy(Mutation from, Mutation to) {
        to.change = from.change;
        to.value.wrap(from.value.toByteArray(), 0, from.value.length());
        to.expiryMillis = from.expiryMillis;
        to.clientFlags = from.clientFlags;
        to.callerVersion = from.callerVersion;
        to.format = from.format;
        to.negative = from.negative;
    }

    /** Writes to the store and, unless it was refused for want of room, to the model. */
    private @Nullable Mutation write(int which, Filling filling, Write write) {
        Mutation real = mutationOf(which, filling);
        WriteStatus status = write.on(store, real);
        if (status == WriteStatus.BUSY) {
            busy++;
            return null;
        }
        Mutation wanted = mutationOf(which, filling);
        WriteStatus wantedStatus = write.on(models[shardOf(wanted.key)], wanted);
        assertThat(status).as("status").isEqualTo(wantedStatus);
        if (status == WriteStatus.TOO_LARGE) {
            return null;
        }
        assertThat(real.version).as("version").isEqualTo(wanted.version);
        assertThat(real.storedCallerVersion)
                .as("caller's version")
                .isEqualTo(wanted.storedCallerVersion);
        if (status == WriteStatus.NUMBER_OVERFLOW) {
            assertThat(real.number).as("number before").isEqualTo(wanted.number);
        }
        if (status != WriteStatus.DONE) {
            return null;
        }
        assertThat(real.expiryMillis).as("expiry").isEqualTo(wanted.expiryMillis);
        assertThat(real.number).as("number").isEqualTo(wanted.number);
        deletions.remove(which);
        return real;
    }

    private Mutation mutationOf(int which, Filling filling) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), fixture.space, keys.get(which));
        filling.fill(mutation);
        return mutation;
    }

    // ---- maintenance

    private void reclaim() {
        int mode = random.nextInt(4);
        int shard = random.nextInt(models.length);
        Survival survival =
                !setting.evicts() || mode == 0
                        ? StoreFixture.ALL_SURVIVE
                        : mode == 1
                                ? StoreFixture.NONE_SURVIVES
                                : mode == 2
                                        ? (freq, itemBytes) -> freq > 0
                                        : (freq, itemBytes) -> random.nextBoolean();
        SurvivalPolicy policy = fixture.policies.get(shard);
        policy.compacting = random.nextInt(3) == 0;
        policy.fillingHoles = random.nextBoolean();
        if (random.nextInt(4) == 0) {
            fixture.store.expire(shard);
        }
        if (random.nextBoolean()) {
            fixture.reclaim(shard, survival);
        } else {
            fixture.reclaimBatch(shard, survival);
        }
        noteEvictions();
    }

    private void rarely() {
        switch (random.nextInt(40)) {
            case 0 -> fixture.now += random.nextInt(setting.ttlMillisMax());
            case 1 -> clearAndSweep();
            case 2, 3, 4 -> audit();
            case 5, 6, 7 -> invalidateTag();
            case 8, 9, 10 -> invalidatePrefix();
            case 11, 12 -> sweep();
            default -> fixture.now += random.nextInt(2_000);
        }
    }

    /** All keys live in another space from now on; what was before is dropped, some of it late. */
    private void clearAndSweep() {
        fixture.space++;
        deletions.clear();
        sweep();
    }

    private void invalidateTag() {
        long tag = 1 + random.nextInt(TAGS);
        invalidate(any -> any.invalidateTag(fixture.space, tag, fixture.now));
    }

    private void invalidatePrefix() {
        byte[] any = keys.get(random.nextInt(keys.size()));
        Slice prefix = Slice.of(Arrays.copyOf(any, 1 + random.nextInt(any.length)));
        invalidate(store -> store.invalidatePrefix(fixture.space, prefix, fixture.now));
    }

    private void invalidate(Function<Store, WriteStatus> invalidation) {
        if (invalidation.apply(store) == WriteStatus.BUSY) {
            busy++;
        } else {
            assertThat(models).extracting(invalidation::apply).containsOnly(WriteStatus.DONE);
        }
    }

    /** Goes round every shard, or leaves some out. */
    private void sweep() {
        for (int shard = 0; shard < models.length; shard++) {
            long bucket = random.nextInt(3) == 0 ? -1 : 0;
            while (bucket >= 0) {
                bucket =
                        fixture.store.sweep(shard, bucket, 1 + random.nextInt(8), fixture.liveness);
            }
        }
    }

    /** Finds what the evictions since the last call took away and has the model forget it. */
    private void noteEvictions() {
        long evictions = 0;
        for (Shard shard : fixture.shards) {
            evictions += shard.account.evictions;
        }
        if (evictions == evictionsSeen) {
            return;
        }
        int gone = 0;
        for (int which = 0; which < keys.size(); which++) {
            if (isIn(models[shardOf(keyOf(which))], which) && !isIn(store, which)) {
                gone++;
                forget(which);
            }
        }
        assertThat((long) gone)
                .as("keys gone missing (evictions counted: %d)", evictions - evictionsSeen)
                .isLessThanOrEqualTo(evictions - evictionsSeen);
        evictionsSeen = evictions;
        lost += gone;
    }

    private void forget(int which) {
        Mutation mutation = mutationOf(which, any -> any.expiryMillis = 0);
        models[shardOf(mutation.key)].touch(mutation, fixture.now, null);
    }

    // ---- comparing

    private void audit() {
        StoreAudit.check(fixture);
        for (int which = 0; which < keys.size(); which++) {
            String found = get(which);
            if (!Objects.equals(found, modelOf(which))) {
                assertThat(found).as("key %d", which).isEqualTo(modelOf(which));
            }
            Long deleted = deletions.get(which);
            if (deleted != null && fixture.now < deletedAt.get(which) + TOMBSTONE_MILLIS) {
                assertThat(remembered(which))
                        .as("version up to which key %d is known to be deleted", which)
                        .isGreaterThanOrEqualTo(deleted);
            }
        }
        assertThat(store.stats().readsLocked()).as("reads with the lock").isZero();
    }

    private long remembered(int which) {
        Shard shard = fixture.shards.get(shardOf(keyOf(which)));
        long slotAt = shard.index.find(keyOf(which));
        if (slotAt == HashIndex.NO_SLOT) {
            return shard.fillFloor();
        }
        long slot = shard.memory.getLong(slotAt);
        assertThat(Slot.kind(slot)).as("kind of key %d's slot", which).isEqualTo(2);
        return ItemLayout.version(
                shard.memory.getLong(Slot.position(slot) + ItemLayout.WORD1_OFFSET));
    }

    private @Nullable String get(int which) {
        marks = random.nextInt(4) == 0;
        return find(store, which);
    }

    private @Nullable String modelOf(int which) {
        return find(models[shardOf(keyOf(which))], which);
    }

    private @Nullable String find(Store any, int which) {
        String[] found = {null};
        ReadStatus status = any.get(keyOf(which), fixture.now, item -> found[0] = describe(item));
        return status == ReadStatus.HIT ? found[0] : null;
    }

    private boolean isIn(Store any, int which) {
        return any.get(keyOf(which), fixture.now, item -> {}) == ReadStatus.HIT;
    }

    private long versionOf(int which) {
        long[] version = {0};
        models[shardOf(keyOf(which))].get(
                keyOf(which), fixture.now, item -> version[0] = item.version());
        return version[0];
    }

    private static String describe(ItemView item) {
        byte[] value = new byte[item.valueLength()];
        item.copyTo(value, 0);
        return item.version()
                + " until "
                + item.expiryMillis()
                + (item.negative() ? " negative " : " ")
                + item.clientFlags()
                + "/"
                + item.callerVersion()
                + "/"
                + item.format()
                + " "
                + Arrays.toString(value);
    }

    private Key keyOf(int which) {
        return key.wrap(store.hasher(), fixture.space, keys.get(which));
    }

    private int shardOf(Key any) {
        return models.length == 1
                ? 0
                : (int) (any.hash() >>> Long.SIZE - Integer.numberOfTrailingZeros(models.length));
    }
}
