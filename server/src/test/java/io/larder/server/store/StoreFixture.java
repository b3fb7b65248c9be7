package io.larder.server.store;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.ShardedStore.Reclaimed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A small store with its parts in reach, a clock that tests set, and operations in few words: keys
 * are numbers, stored as four bytes; values are text.
 */
final class StoreFixture {
    static final int SPACE = 1;
    static final HitSink NO_HITS = (memory, slotPosition, slot, hash) -> {};
    static final Survival ALL_SURVIVE = (freq, itemBytes) -> true;
    static final Survival NONE_SURVIVES = (freq, itemBytes) -> false;

    private static final long TAG_AND_LOW_BITS = 0x3_FFFFL << 38 | 0xF;

    /** Found by trial, so only once; all fixtures hash with the same seed. */
    private static final Map<Integer, Integer> DOUBLES = new ConcurrentHashMap<>();

    /** The least room: {@code segments} of {@code segmentBytes} for one shard. */
    static StoreConfig config(int segments, int segmentBytes, int shards) {
        return new StoreConfig(
                (long) segments * segmentBytes, shards, segmentBytes, 0x5eed, 0xcafe, 2);
    }

    /** What a read found: the value and everything that a write could have changed. */
    record Outcome(@Nullable String value, long version, long expiryMillis) {
        static final Outcome MISS = new Outcome(null, 0, 0);

        boolean isHit() {
            return value != null;
        }

        @Override
        public String toString() {
            return isHit() ? value + " v" + version + " until " + expiryMillis : "miss";
        }
    }

    /** Keeps what an item says until asked for it. */
    static final class Reading implements ValueSink {
        private byte[] bytes = {};
        private int length;
        private long version;
        private long expiryMillis;

        @Override
        public void accept(ItemView item) {
            length = item.valueLength();
            if (length > bytes.length) {
                bytes = new byte[length];
            }
            item.copyTo(bytes, 0);
            version = item.version();
            expiryMillis = item.expiryMillis();
        }

        Outcome outcome() {
            return new Outcome(
                    new String(bytes, 0, length, StandardCharsets.ISO_8859_1),
                    version,
                    expiryMillis);
        }
    }

    final StoreConfig config;
    final ShardedStore store;
    final List<Shard> shards = new ArrayList<>();
    final List<ShardReader> readers = new ArrayList<>();
    final List<ShardScanner> scanners = new ArrayList<>();
    final List<SegmentRecycler> recyclers = new ArrayList<>();
    final List<SurvivalPolicy> policies = new ArrayList<>();
    private final Key key = new Key();
    private final Reading reading = new Reading();
    SpaceReclaimer reclaimer = new NoReclaimer();
    Liveness liveness = Liveness.ALL;

    /** Of the operation begun last, with its outcome. */
    Mutation mutation = new Mutation();

    /** Whether the memory is being accessed by a test, not by the store. */
    boolean auditing;

    /** Whether items have expiries so far off that statistics see them pass late. */
    boolean expiresFarOff;

    int space = SPACE;
    long now = 1;

    private static final class NoReclaimer implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    StoreFixture(
            StoreConfig config,
            LongFunction<Memory> allocator,
            HitSink hitSink,
            ShardAssembly assembly) {
        this(config, StoreMemory.passing(config, allocator), hitSink, assembly);
    }

    StoreFixture(StoreConfig config, StoreMemory memory, HitSink hitSink, ShardAssembly assembly) {
        this.config = config;
        this.store =
                ShardedStore.open(
                        config,
                        memory,
                        () -> now,
                        hitSink,
                        new SpaceReclaimer() {
                            @Override
                            public void request(int shard) {
                                reclaimer.request(shard);
                            }

                            @Override
                            public boolean help(int shard) {
                                return reclaimer.help(shard);
                            }
                        },
                        shard -> {
                            policies.add(new SurvivalPolicy());
                            return policies.get(shard);
                        },
                        new Capture(assembly));
    }

    static StoreFixture onHeap(StoreConfig config) {
        return new StoreFixture(config, HeapMemory::allocate, NO_HITS, new ShardAssembly());
    }

    /** Keeps what another assembly makes. */
    private final class Capture extends ShardAssembly {
        private final ShardAssembly assembly;

        Capture(ShardAssembly assembly) {
            this.assembly = assembly;
        }

        @Override
        HashIndex index(Memory arena, IndexChunks chunks) {
            return assembly.index(arena, chunks);
        }

        @Override
        SegmentLog log(SegmentTable segments, long nowMillis) {
            return assembly.log(segments, nowMillis);
        }

        @Override
        Shard shard(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            Shard shard = assembly.shard(id, segments, index, log, hasher, nowMillis);
            shards.add(shard);
            return shard;
        }

        @Override
        ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            ShardReader reader = assembly.reader(shard, hitSink, readsLocked);
            readers.add(reader);
            return reader;
        }

        @Override
        ShardScanner scanner(Shard shard, int shards, StripedCounter readsLocked) {
            ShardScanner scanner = assembly.scanner(shard, shards, readsLocked);
            scanners.add(scanner);
            return scanner;
        }

        @Override
        ShardWriter writer(WriteSteps steps) {
            return assembly.writer(steps);
        }

        @Override
        ShardRebuild rebuild(
                Shard shard,
                KeyHasher hasher,
                LongPredicate isMine,
                ChainClaims claims,
                RebuildProgress progress) {
            return assembly.rebuild(shard, hasher, isMine, claims, progress);
        }

        @Override
        SegmentRecycler recycler(Shard shard, ShardPolicy policy) {
            SegmentRecycler recycler = assembly.recycler(shard, policy);
            recyclers.add(recycler);
            return recycler;
        }
    }

    // ---- keys

    static byte[] keyBytes(int number) {
        return new byte[] {
            (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
    }

    Key key(int number) {
        return key.wrap(store.hasher(), space, keyBytes(number));
    }

    /** The first number from {@code from} whose hash is as wanted. */
    int keyWhere(int from, LongPredicate hashIsAsWanted) {
        int number = from;
        while (!hashIsAsWanted.test(key(number).hash())) {
            number++;
        }
        return number;
    }

    /**
     * A key that a reader of {@code number} cannot tell from it without looking at the item: of the
     * same tag, and in the same chain while there are at most 16 of them.
     */
    int doubleOf(int number) {
        return DOUBLES.computeIfAbsent(
                number,
                any -> {
                    long hash = key(any).hash();
                    return keyWhere(any + 1, other -> ((other ^ hash) & TAG_AND_LOW_BITS) == 0);
                });
    }

    // ---- operations

    private Mutation mutationOf(int number) {
        mutation = new Mutation();
        mutation.key.wrap(store.hasher(), space, keyBytes(number));
        return mutation;
    }

    Mutation mutationOf(int number, String value) {
        Mutation fresh = mutationOf(number);
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        fresh.value.wrap(bytes, 0, bytes.length);
        return fresh;
    }

    WriteStatus put(int number, String value) {
        return store.put(mutationOf(number, value), now);
    }

    WriteStatus put(int number, String value, long expiryMillis) {
        mutationOf(number, value).expiryMillis = expiryMillis;
        return store.put(mutation, now);
    }

    WriteStatus putIfVersion(int number, String value, long version) {
        mutationOf(number, value).ifVersion = true;
        mutation.expectedVersion = version;
        return store.put(mutation, now);
    }

    WriteStatus delete(int number) {
        return store.delete(mutationOf(number), now);
    }

    WriteStatus touch(int number, long expiryMillis) {
        mutationOf(number).expiryMillis = expiryMillis;
        return store.touch(mutation, now, null);
    }

    WriteStatus append(int number, String added) {
        return store.append(mutationOf(number, added), true, now);
    }

    WriteStatus increment(int number, long delta) {
        mutationOf(number).delta = delta;
        mutation.keepExpiry = true;
        return store.increment(mutation, now);
    }

    WriteStatus putTagged(int number, String value, String... tags) {
        mutationOf(number);
        for (String tag : tags) {
            mutation.addTag(tag(tag));
        }
        mutation.value.wrap(value.getBytes(StandardCharsets.ISO_8859_1), 0, value.length());
        return store.put(mutation, now);
    }

    long tag(String tag) {
        return store.hasher().tag(space, Slice.of(tag.getBytes(StandardCharsets.ISO_8859_1)));
    }

    WriteStatus invalidateTag(String tag) {
        return store.invalidateTag(space, tag(tag), now);
    }

    WriteStatus invalidatePrefix(int... prefix) {
        byte[] bytes = new byte[prefix.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) prefix[i];
        }
        return store.invalidatePrefix(space, Slice.of(bytes), now);
    }

    /** A whole round over every shard. */
    void sweep() {
        for (Shard shard : shards) {
            long bucket = 0;
            while (bucket >= 0) {
                bucket = store.sweep(shard.id, bucket, 4, liveness);
            }
        }
    }

    Outcome get(int number) {
        return get(key(number));
    }

    Outcome get(Key anyKey) {
        return store.get(anyKey, now, reading) == ReadStatus.HIT ? reading.outcome() : Outcome.MISS;
    }

    /** One lock-free attempt; null if it would start over. */
    @Nullable Outcome attempt(int number) {
        return switch (readers.get(0).attempt(key(number), now, reading)) {
            case HIT -> reading.outcome();
            case GONE, OTHER -> Outcome.MISS;
            case RETRY -> null;
        };
    }

    /** What a lock-free scan finds of a key; null if it would start a pass over. */
    @Nullable Outcome scanAttempt(int number) {
        Scan scan = new Scan();
        scan.space = space;
        scan.prefix.wrap(keyBytes(number), 0, Integer.BYTES);
        scan.withValues = true;
        ShardScanner scanner = scanners.get(0);
        HashIndex index = shards.get(0).index;
        Outcome found = Outcome.MISS;
        for (long bucket = 0; bucket < HashIndex.buckets(index.geometryAcquire()); bucket++) {
            if (!scanner.attempt(bucket, 0, scan, now)) {
                return null;
            }
            for (int rank = 0; rank < scan.batch.count(); rank++) {
                found = outcome(scan.batch.show(rank));
            }
        }
        return found;
    }

    /** Everything that a whole scan finds. */
    Map<Integer, Outcome> scan() {
        Map<Integer, Outcome> found = new HashMap<>();
        Scan scan = new Scan();
        scan.withValues = true;
        do {
            store.scan(
                    scan,
                    now,
                    item -> {
                        int number = ByteBuffer.wrap(item.key().toByteArray()).getInt();
                        found.put(number, outcome(item));
                        return true;
                    });
        } while (scan.cursor != Scan.END);
        return found;
    }

    private static Outcome outcome(ScannedItem item) {
        return new Outcome(
                new String(item.value().toByteArray(), StandardCharsets.ISO_8859_1),
                item.version(),
                item.expiryMillis());
    }

    /** Reclaims the oldest segment of {@code shard}; false if there is none. */
    boolean reclaim(int shard, Survival survival) {
        while (true) {
            switch (reclaimBatch(shard, survival)) {
                case SEGMENT:
                    return true;
                case NOTHING_LEFT:
                    return false;
                case PART:
                    break;
            }
        }
    }

    /** Does a batch of it, and sees to it that a segment that becomes free holds nothing. */
    Reclaimed reclaimBatch(int shard, Survival survival) {
        SegmentRecycler recycler = recyclers.get(shard);
        List<Integer> before = new ArrayList<>();
        recycler.begin();
        recycler.forEachSegment(before::add);
        policies.get(shard).survival = survival;
        Reclaimed reclaimed = store.reclaim(shard, liveness);
        if (reclaimed == Reclaimed.SEGMENT) {
            recycler.forEachSegment(held -> before.remove(Integer.valueOf(held)));
            auditing = true;
            before.forEach(freed -> StoreAudit.checkFreed(shards.get(shard).segments, freed));
            auditing = false;
        }
        return reclaimed;
    }
}
