package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.store.ShardedStore.Reclaimed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpacesTest {
    private static final int OTHER_SPACE = 2;
    private static final int ITEM_BYTES = 128;
    private static final String VALUE = "v".repeat(ITEM_BYTES - 24);
    private static final long QUOTA_ITEMS = 100;

    private final StoreFixture store = StoreFixture.onHeap(StoreFixture.config(512, 4096, 4));
    private final Spaces spaces = store.store.spaces();

    @AfterEach
    void audit() {
        StoreAudit.check(store);
    }

    private void define(long maxIdleMillis, long quotaBytes, boolean pinned) {
        spaces.define(StoreFixture.SPACE, new SpaceSettings(maxIdleMillis, quotaBytes, pinned));
        spaces.define(OTHER_SPACE, SpaceSettings.DEFAULT);
    }

    private SpaceStats stats() {
        return spaces.stats(StoreFixture.SPACE);
    }

    // ---- accounts

    @Test
    void stats_countWhatIsThere_bySpace() {
        define(0, 0, false);
        store.put(1, VALUE);
        store.put(2, VALUE);
        store.put(2, VALUE);
        store.put(3, "");
        store.delete(1);
        store.space = OTHER_SPACE;
        store.put(1, VALUE);

        assertThat(stats()).isEqualTo(new SpaceStats(2, ITEM_BYTES + 24, 4, 0));
        assertThat(spaces.stats(OTHER_SPACE)).isEqualTo(new SpaceStats(1, ITEM_BYTES, 1, 0));
    }

    @Test
    void stats_ofASpaceThatNobodyDefined_areNone() {
        store.put(1, VALUE);

        assertThat(stats()).isEqualTo(SpaceStats.NONE);
    }

    @Test
    void forget_tellsTheLastFigures_andItemsGoOnWithoutAccount() {
        define(0, ITEM_BYTES, true);
        store.put(1, VALUE);

        assertThat(spaces.forget(StoreFixture.SPACE).items()).isEqualTo(1);

        assertThat(store.put(2, VALUE)).isEqualTo(WriteStatus.DONE);
        assertThat(store.delete(1)).isEqualTo(WriteStatus.DONE);
        assertThat(stats()).isEqualTo(SpaceStats.NONE);
    }

    @Test
    void settings_pinnedWithoutQuota_areRefused() {
        assertThatThrownBy(() -> new SpaceSettings(0, 0, true))
                .hasMessage("quotaBytes: 0 (expected: > 0 where nothing is evicted)");
    }

    // ---- never evicted

    @Test
    void pinned_withoutRoomForItsCopies_letsTheNextSegmentGo() {
        define(0, 1 << 20, true);
        fillSegments(1, OTHER_SPACE);
        fillSegments(1, StoreFixture.SPACE);
        fillSegments(3, OTHER_SPACE);
        store.policies.get(0).compacting = true;
        assertThat(store.reclaim(0, NONE_SURVIVES)).isTrue();
        store.policies.get(0).compacting = false;

        assertThat(reclaimWithoutRoom()).isEqualTo(Reclaimed.SEGMENT);
    }

    @Test
    void pinned_allOfIt_withoutRoomForItsCopies_leavesNothingToReclaim() {
        define(0, 1 << 20, true);
        fillSegments(4, StoreFixture.SPACE);

        assertThat(reclaimWithoutRoom()).isEqualTo(Reclaimed.NOTHING_LEFT);
    }

    /** Overwrites one key of shard 0, so that most is dead, until so many segments are sealed. */
    private void fillSegments(int count, int space) {
        store.space = space;
        int number = store.keyWhere(1, hash -> hash >>> 62 == 0);
        int wanted = store.store.sealedSegments(0) + count;
        for (; store.store.sealedSegments(0) < wanted; number++) {
            number = store.keyWhere(number, hash -> hash >>> 62 == 0);
            assertThat(store.put(number, VALUE)).isEqualTo(WriteStatus.DONE);
        }
        store.space = StoreFixture.SPACE;
    }

    /** Reclaims while others have taken all segments, at most for as long as ever makes sense. */
    private Reclaimed reclaimWithoutRoom() {
        SegmentTable segments = store.shards.get(0).segments;
        List<Integer> taken = new ArrayList<>();
        for (int segment = 0; segment != SegmentTable.NONE; ) {
            segment = segments.takeForCopies();
            taken.add(segment);
        }
        Reclaimed reclaimed = Reclaimed.PART;
        for (int batch = 0; reclaimed == Reclaimed.PART && batch < 1_000; batch++) {
            reclaimed = store.store.reclaim(0, Liveness.ALL);
        }
        taken.stream().filter(segment -> segment >= 0).forEach(segments::give);
        return reclaimed;
    }

    @Test
    void pinned_atItsQuota_refusesExactlyWhatIsBeyond() {
        define(0, QUOTA_ITEMS * ITEM_BYTES, true);
        for (int key = 0; key < QUOTA_ITEMS; key++) {
            assertThat(store.put(key, VALUE)).as("key %d", key).isEqualTo(WriteStatus.DONE);
        }

        assertThat(store.put(1_000, "")).isEqualTo(WriteStatus.OUT_OF_CAPACITY);
        assertThat(store.put(7, VALUE)).as("the same size").isEqualTo(WriteStatus.DONE);
        assertThat(store.put(7, VALUE + VALUE)).isEqualTo(WriteStatus.OUT_OF_CAPACITY);
        assertThat(store.get(7).value()).isEqualTo(VALUE);
        assertThat(stats().bytes()).isEqualTo(QUOTA_ITEMS * ITEM_BYTES);
        store.delete(8);
        assertThat(store.put(1_000, VALUE)).isEqualTo(WriteStatus.DONE);
        assertThat(store.put(1_001, "")).isEqualTo(WriteStatus.OUT_OF_CAPACITY);
    }

    @Test
    void pinned_atItsQuota_leavesOthersAlone() {
        define(0, ITEM_BYTES, true);
        store.put(1, VALUE);
        store.space = OTHER_SPACE;

        assertThat(store.put(1, VALUE)).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void pinned_largePutThatLosesItsCondition_givesItsChargeBack() {
        define(0, 20_000, true);
        store.put(1, "a");
        for (int i = 0; i < 20; i++) {
            assertThat(store.putIfVersion(1, "v".repeat(3_900), 1))
                    .isEqualTo(WriteStatus.VERSION_MISMATCH);
        }

        assertThat(store.put(2, "v".repeat(3_900))).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void pinned_survivesEveryEviction() {
        define(0, QUOTA_ITEMS * ITEM_BYTES, true);
        for (int key = 0; key < QUOTA_ITEMS; key++) {
            store.put(key, VALUE);
        }
        store.space = OTHER_SPACE;
        for (int key = 0; key < QUOTA_ITEMS; key++) {
            store.put(key, VALUE);
        }
        for (int round = 0; round < 40; round++) {
            store.reclaim(round % 4, NONE_SURVIVES);
        }

        assertThat(spaces.stats(OTHER_SPACE).items()).isZero();
        store.space = StoreFixture.SPACE;
        for (int key = 0; key < QUOTA_ITEMS; key++) {
            assertThat(store.get(key).value()).as("key %d", key).isEqualTo(VALUE);
        }
        assertThat(stats().evictions()).isZero();
    }

    // ---- quota

    @Test
    void overQuota_makesRoomByItself_andOthersKeepTheirs() {
        define(0, QUOTA_ITEMS * ITEM_BYTES, false);
        store.space = OTHER_SPACE;
        for (int key = 0; key < 20; key++) {
            store.put(key, VALUE);
        }
        store.space = StoreFixture.SPACE;
        for (int key = 0; key < 10 * QUOTA_ITEMS; key++) {
            assertThat(store.put(key, VALUE)).as("key %d", key).isEqualTo(WriteStatus.DONE);
            assertThat(stats().bytes()).isLessThanOrEqualTo(2 * QUOTA_ITEMS * ITEM_BYTES);
        }

        assertThat(stats().evictions()).isGreaterThan(8 * QUOTA_ITEMS);
        assertThat(stats().items()).isGreaterThan(QUOTA_ITEMS / 2);
        assertThat(spaces.stats(OTHER_SPACE).items()).isEqualTo(20);
        assertThat(spaces.stats(OTHER_SPACE).evictions()).isZero();
    }

    @Test
    void charge_isBoundedAboveTheQuota_andGivenBack() {
        SpaceAccount account = new SpaceAccount(new SpaceSettings(0, 1, false), 1);

        assertThat(account.charge(ITEM_BYTES, 0)).isTrue();
        assertThat(account.isOver()).isTrue();
        assertThat(account.charge(1 << 20, 0)).as("beyond the overshoot").isFalse();
        account.giveBack(ITEM_BYTES);
        assertThat(account.isOver()).isFalse();
    }

    // ---- idling

    @Test
    void idle_itemThatNobodyReads_expires() {
        define(800, 0, false);
        store.now = 1_000;
        store.put(1, VALUE);

        store.now = 1_099;
        assertThat(store.get(1).expiryMillis()).isEqualTo(1_800);
        store.now = 1_800;
        assertThat(store.get(1).isHit()).isFalse();
    }

    @Test
    void idle_itemThatIsRead_livesOn_fromTheReadAfterAnEighth() {
        define(800, 0, false);
        store.now = 1_000;
        store.put(1, VALUE);

        store.now = 1_050;
        assertThat(store.get(1).isHit()).isTrue();
        assertThat(store.get(1).expiryMillis()).as("not yet an eighth").isEqualTo(1_800);
        store.now = 1_500;
        store.get(1);
        assertThat(store.get(1).expiryMillis()).isEqualTo(2_300);
        store.now = 2_299;
        assertThat(store.get(1).isHit()).isTrue();
    }

    @Test
    void idle_itemThatIsRead_endsWithItsLifetime() {
        define(800, 0, false);
        store.now = 1_000;
        store.put(1, VALUE, 2_000);
        for (store.now = 1_100; store.now < 2_000; store.now += 100) {
            assertThat(store.get(1).value()).as("at %d", store.now).isEqualTo(VALUE);
        }

        assertThat(store.get(1).isHit()).isFalse();
    }

    @Test
    void idle_touchGivesAnotherLifetime_andKeepsTheVersion() {
        define(800, 0, false);
        store.now = 1_000;
        store.put(1, VALUE, 2_000);
        long version = store.get(1).version();

        assertThat(store.touch(1, 3_000)).isEqualTo(WriteStatus.DONE);
        assertThat(store.get(1).version()).isEqualTo(version);
        for (store.now = 1_100; store.now < 3_000; store.now += 100) {
            assertThat(store.get(1).isHit()).as("at %d", store.now).isTrue();
        }
        assertThat(store.get(1).isHit()).isFalse();
        store.put(1, VALUE, 9_000);
        store.touch(1, 3_300);
        store.now = 3_299;
        assertThat(store.get(1).isHit()).isTrue();
        store.now = 3_300;
        assertThat(store.get(1).isHit()).as("a read undid the touch").isFalse();
    }

    @Test
    void idle_incrementAndRelocation_keepTheLifetime() {
        define(800, 0, false);
        store.now = 1_000;
        store.put(1, "7", 2_000);
        store.increment(1, 1);
        for (int shard = 0; shard < 4; shard++) {
            store.reclaim(shard, ALL_SURVIVE);
        }
        store.now = 1_700;
        assertThat(store.get(1).value()).isEqualTo("8");
        store.now = 1_999;
        assertThat(store.get(1).isHit()).isTrue();
        store.now = 2_000;
        assertThat(store.get(1).isHit()).isFalse();
    }
}
