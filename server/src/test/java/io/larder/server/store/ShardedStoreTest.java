package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.PausingMemory;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.ShardedStore.Reclaimed;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardedStoreTest {
    private static final int KEY = 7;
    private static final int OTHER = 8;

    private StoreFixture fixture = StoreFixture.onHeap(StoreFixture.config(16, 256, 1));

    @AfterEach
    void audit() {
        StoreAudit.check(fixture);
    }

    /** Puts until a segment is wanted and none is left. */
    private void fill() {
        int number = 1000;
        while (fixture.put(number, "fill") == WriteStatus.DONE) {
            number++;
        }
    }

    private void helpBy(Runnable help) {
        fixture.reclaimer =
                new SpaceReclaimer() {
                    @Override
                    public void request(int shard) {}

                    @Override
                    public boolean help(int shard) {
                        help.run();
                        return true;
                    }
                };
    }

    @Test
    void put_whenNothingCanBeReclaimed_isBusy_andChangesNothing() {
        fixture.put(KEY, "a");
        fill();

        assertThat(fixture.put(KEY, "b")).isEqualTo(WriteStatus.BUSY);
        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.store.stats().writesBusy()).isEqualTo(2);
    }

    @Test
    void put_withoutRoom_helpsAndIsDone() {
        fill();
        helpBy(() -> fixture.reclaim(0, NONE_SURVIVES));

        assertThat(fixture.put(KEY, "a")).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.store.stats().evictions()).isPositive();
    }

    @Test
    void put_ofTheLongestValue_isDone_andOfOneByteMore_isTooLarge() {
        int most = fixture.store.valueBytesMax();

        assertThat(most).isEqualTo(fixture.config.memoryBytes() / 4);
        assertThat(fixture.put(KEY, "v".repeat(most))).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.put(KEY, "v".repeat(most + 1))).isEqualTo(WriteStatus.TOO_LARGE);
        assertThat(fixture.get(KEY).value()).hasSize(most);
    }

    @Test
    void increment_beyondASegment_isTooLarge_andChangesNothing() {
        byte[] longKey = new byte[250];
        Mutation increment = new Mutation();
        increment.key.wrap(fixture.store.hasher(), StoreFixture.SPACE, longKey);
        increment.createIfAbsent = true;
        assertThat(fixture.store.increment(increment, fixture.now))
                .isEqualTo(WriteStatus.TOO_LARGE);

        assertThat(fixture.store.stats().items()).isZero();
    }

    /** A retried increment took the expiry and flags of the item over that it found at first. */
    @Test
    void increment_whoseItemIsEvictedByTheHelp_startsFromTheBeginning() {
        Mutation mutation = fixture.mutationOf(KEY, "5");
        mutation.clientFlags = 77;
        mutation.expiryMillis = 100_000_000;
        fixture.store.put(mutation, fixture.now);
        fill();
        helpBy(
                () -> {
                    while (fixture.get(KEY).isHit()) {
                        fixture.reclaim(0, NONE_SURVIVES);
                    }
                });
        Mutation increment = new Mutation();
        increment.key.wrap(fixture.store.hasher(), StoreFixture.SPACE, StoreFixture.keyBytes(KEY));
        increment.delta = 1;
        increment.initial = 100;
        increment.createIfAbsent = true;
        increment.keepExpiry = true;

        assertThat(fixture.store.increment(increment, fixture.now)).isEqualTo(WriteStatus.DONE);
        assertThat(increment.number).isEqualTo(101);
        assertThat(increment.clientFlags).isZero();
        assertThat(fixture.get(KEY).value()).isEqualTo("101");
        assertThat(fixture.get(KEY).expiryMillis()).isEqualTo(Mutation.NEVER);
    }

    @Test
    void increment_whoseItemIsEvictedByTheHelp_andMayNotCreate_holdsNoAbandonedSum() {
        fixture.put(KEY, "5");
        fill();
        helpBy(
                () -> {
                    while (fixture.get(KEY).isHit()) {
                        fixture.reclaim(0, NONE_SURVIVES);
                    }
                });

        assertThat(fixture.increment(KEY, 1)).isEqualTo(WriteStatus.MISSING);
        assertThat(fixture.mutation.number).isZero();
    }

    /** Its segment could never be recycled again. */
    @Test
    void put_whoseCopyOutsideTheLockFails_leavesNothingPending() {
        boolean failedOutside = false;
        for (int accesses = 0; !failedOutside; accesses++) {
            PausingMemory.Pause pause = new PausingMemory.Pause();
            StoreFixture large =
                    new StoreFixture(
                            StoreFixture.config(8, 8192, 1),
                            pause.allocator(),
                            StoreFixture.NO_HITS,
                            new ShardAssembly());
            failedOutside = putFailsOutsideOfTheLock(large, pause, accesses);
            if (failedOutside) {
                StoreAudit.check(large);
            }
        }
    }

    private static boolean putFailsOutsideOfTheLock(
            StoreFixture large, PausingMemory.Pause pause, int accesses) {
        ShardLock lock = large.shards.get(0).lock;
        pause.after(
                accesses,
                () -> {
                    if (!lock.isLocked()) {
                        throw new IllegalStateException("fault");
                    }
                });
        try {
            large.put(KEY, "a".repeat(ShardWriter.COPY_UNDER_LOCK_BYTES));
            assertThat(pause.cancel()).as("an access is left").isFalse();
            return false;
        } catch (IllegalStateException expected) {
            return true;
        }
    }

    @Test
    void newer_comparesTheCallersVersionsUnsigned() {
        assertThat(putNewer(1)).isEqualTo(WriteStatus.DONE);
        assertThat(putNewer(-1)).isEqualTo(WriteStatus.DONE);
        assertThat(putNewer(Long.MAX_VALUE)).isEqualTo(WriteStatus.NOT_NEWER);
        assertThat(fixture.mutation.storedCallerVersion).isEqualTo(-1);
        assertThat(putNewer(-1)).isEqualTo(WriteStatus.NOT_NEWER);
    }

    private WriteStatus putNewer(long callerVersion) {
        Mutation mutation = fixture.mutationOf(KEY, "a");
        mutation.ifNewer = true;
        mutation.callerVersion = callerVersion;
        return fixture.store.put(mutation, fixture.now);
    }

    @Test
    void version_isDatedAndGrowsWithEveryWrite() {
        fixture.now = 1000;
        fixture.put(KEY, "a");
        fixture.put(OTHER, "a");
        fixture.delete(KEY);
        long third = fixture.mutation.version;
        fixture.now = 2000;
        fixture.put(KEY, "a");

        assertThat(third).isEqualTo((1000L << 8) + 2);
        assertThat(fixture.mutation.version).isEqualTo(2000L << 8);
    }

    @Test
    void versions_ofShardsInOneMillisecond_differ() {
        StoreFixture wide = StoreFixture.onHeap(StoreFixture.config(4096, 256, 256));
        Set<Long> versions = new HashSet<>();
        for (Shard shard : wide.shards) {
            versions.add(shard.nextVersion(1000));
        }

        assertThat(versions).hasSize(256).allMatch(version -> version >>> 8 == 1000);
    }

    @Test
    void delete_withoutRoomForATombstone_isDone_andRemembered() {
        fixture.put(KEY, "a");
        fill();

        assertThat(fixture.delete(KEY)).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.get(KEY).isHit()).isFalse();
        assertThat(fixture.shards.get(0).fillFloor()).isEqualTo(fixture.mutation.version);
    }

    @Test
    void tombstone_evictedEarly_raisesTheFillFloor() {
        fixture.put(KEY, "a");
        fixture.delete(KEY);
        long deletion = fixture.mutation.version;

        fixture.reclaim(0, ALL_SURVIVE);

        assertThat(fixture.shards.get(0).fillFloor()).isEqualTo(deletion);
        assertThat(fixture.store.stats().evictions()).isZero();
    }

    @Test
    void tombstone_pastItsTime_isDroppedWithoutATrace() {
        fixture.put(KEY, "a");
        fixture.delete(KEY);
        fixture.now += 10_001;

        fixture.reclaim(0, ALL_SURVIVE);

        assertThat(fixture.shards.get(0).fillFloor()).isZero();
        assertThat(fixture.shards.get(0).index.find(fixture.key(KEY))).isEqualTo(HashIndex.NO_SLOT);
    }

    @Test
    void get_ofWhatExpires_isAMissFromThatMillisecondOn() {
        fixture.put(KEY, "a", 500);

        fixture.now = 499;
        assertThat(fixture.get(KEY).isHit()).isTrue();
        fixture.now = 500;
        assertThat(fixture.get(KEY).isHit()).isFalse();
    }

    @Test
    void read_interruptedTooOften_takesTheLock_andIsCounted() {
        fixture =
                new StoreFixture(
                        StoreFixture.config(16, 256, 1),
                        HeapMemory::allocate,
                        StoreFixture.NO_HITS,
                        new Restless());
        fixture.put(KEY, "a");

        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.get(OTHER).isHit()).isFalse();
        assertThat(fixture.store.stats().readsLocked()).isEqualTo(2);
    }

    /** Whose readers start over every time. */
    private static final class Restless extends ShardAssembly {
        @Override
        ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            return new ShardReader(shard, hitSink, readsLocked) {
                @Override
                Verdict attempt(Key key, long nowMillis, ValueSink sink) {
                    return Verdict.RETRY;
                }
            };
        }
    }

    @Test
    void reclaim_ofAnEmptyStore_hasNothingToGive() {
        assertThat(fixture.reclaimBatch(0, ALL_SURVIVE)).isEqualTo(Reclaimed.NOTHING_LEFT);
    }

    @Test
    void reclaim_thatThrows_losesNothing_andCanBeDoneAgain() {
        fixture.put(KEY, "a");
        fixture.put(OTHER, "b");
        int[] asked = {0};
        Survival failsLate =
                (freq, itemBytes) -> {
                    if (asked[0]++ == 1) {
                        throw new IllegalStateException("planted");
                    }
                    return true;
                };

        assertThatThrownBy(() -> fixture.reclaim(0, failsLate)).hasMessage("planted");
        StoreAudit.check(fixture);
        assertThat(fixture.reclaim(0, ALL_SURVIVE)).isTrue();
        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.get(OTHER).value()).isEqualTo("b");
    }

    @Test
    void sweep_dropsWhatIsNotLive_andNothingElse() {
        for (int number = 0; number < 40; number++) {
            fixture.space = 1 + number % 2;
            fixture.put(number, "a");
        }
        long bucket = 0;
        while (bucket >= 0) {
            bucket = fixture.store.sweep(0, bucket, 3, (space, version) -> space == 1);
        }
        for (int number = 0; number < 40; number++) {
            fixture.space = 1 + number % 2;
            assertThat(fixture.get(number).isHit()).isEqualTo(number % 2 == 0);
        }
        assertThat(fixture.store.stats().items()).isEqualTo(20);
        assertThat(fixture.store.stats().evictions()).isZero();
    }

    @Test
    void prefetch_changesNothing_whetherTheKeyIsThereOrNot() {
        fixture.put(KEY, "a");
        for (int pass = 0; pass < 2; pass++) {
            fixture.store.prefetch(fixture.key(KEY), pass);
            fixture.store.prefetch(fixture.key(OTHER), pass);
        }

        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.store.stats().misses()).isZero();
    }
}
