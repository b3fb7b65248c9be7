package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What maintenance does about expiry, by a clock that the test moves. */
class ExpiryTest {
    private static final int SEGMENT_BYTES = 4096;
    private static final int PUTS_PER_ROUND = 150;
    private static final long DAY = 86_400_000;

    private final StoreFixture fixture =
            StoreFixture.onHeap(StoreFixture.config(512, SEGMENT_BYTES, 1));

    private void expireDue() {
        while (fixture.store.expire(0)) {
            assertThat(fixture.shards.get(0).lock.isLocked()).isFalse();
        }
    }

    @Test
    void expiredItems_areUnlinked_andTheirSegmentsFreed() {
        int free = fixture.store.segmentsFree();
        for (int number = 0; number < 1_000; number++) {
            fixture.put(number, "v", 10_000);
        }
        fixture.now = 10_200;
        expireDue();

        assertThat(fixture.store.segmentsFree()).isGreaterThanOrEqualTo(free - 6); // the index's
        assertThat(fixture.store.stats().expirations()).isEqualTo(1_000);
        assertThat(fixture.shards.get(0).account.itemsLinked()).isZero();
        StoreAudit.check(fixture);
    }

    @Test
    void itemsThatLive_stay() {
        for (int number = 0; number < 500; number++) {
            fixture.put(number, "v", number % 2 == 0 ? 10_000 : 30_000);
        }
        fixture.now = 20_000;
        expireDue();

        assertThat(fixture.store.stats().expirations()).isEqualTo(250);
        for (int number = 1; number < 500; number += 2) {
            assertThat(fixture.get(number).isHit()).isTrue();
        }
        StoreAudit.check(fixture);
    }

    @Test
    void touchedItems_outliveTheTimeTheyWereGivenFirst_andNoMore() {
        for (int number = 0; number < 300; number++) {
            fixture.put(number, "v", 10_000);
        }
        fixture.now = 5_000;
        for (int number = 0; number < 100; number++) {
            fixture.touch(number, 50_000);
        }
        fixture.now = 10_200;
        expireDue();
        assertThat(fixture.shards.get(0).account.itemsLinked()).isEqualTo(100);
        fixture.now = 50_600;
        expireDue();
        assertThat(fixture.shards.get(0).account.itemsLinked()).isZero();
        StoreAudit.check(fixture);
    }

    @Test
    void bytesExpired_underMixedLifetimes_stayUnderTwoPercentOfTheBudget() {
        Random random = new Random(11);
        long worst = 0;
        fixture.policies.get(0).compacting = true;
        for (int round = 0; round < 600; round++) {
            for (int i = 0; i < PUTS_PER_ROUND; i++) {
                long millis = 500L << random.nextInt(8);
                long lifetime = millis + random.nextInt((int) millis);
                fixture.put(round * PUTS_PER_ROUND + i, "0123456789", fixture.now + lifetime);
            }
            fixture.now += 100;
            expireDue();
            while (fixture.store.segmentsFree() < fixture.store.lowWatermark()) {
                assertThat(fixture.reclaim(0, StoreFixture.ALL_SURVIVE)).isTrue();
            }
            if (round > 300) {
                worst = Math.max(worst, fixture.store.stats().bytesExpired());
            }
        }
        StoreStats stats = fixture.store.stats();
        assertThat(worst).isLessThan(stats.memoryLimitBytes() / 50);
        assertThat(stats.bytesLive()).isGreaterThan(stats.memoryLimitBytes() / 8);
        assertThat(stats.expirations()).isGreaterThan(60_000);
        StoreAudit.check(fixture);
    }

    @Test
    void tombstones_areForgottenInTime() {
        for (int number = 0; number < 100; number++) {
            fixture.put(number, "v");
            fixture.delete(number);
        }
        fixture.put(1_000, "stays");
        fixture.now = 60_000;
        expireDue();

        fixture.shards.get(0).lock.lock();
        int linked = 0;
        HashIndex index = fixture.shards.get(0).index;
        for (int number = 0; number < 100; number++) {
            linked += index.find(fixture.key(number)) == HashIndex.NO_SLOT ? 0 : 1;
        }
        fixture.shards.get(0).lock.unlock();
        assertThat(linked).isZero();
        assertThat(fixture.get(1_000).isHit()).isTrue();
        StoreAudit.check(fixture);
    }

    @Test
    void clockThatStandsStill_expiresNothing_andOneADayAheadNoMoreThanItShould() {
        fixture.expiresFarOff = true;
        for (int number = 0; number < 100; number++) {
            fixture.put(number, "v", fixture.now + (number % 2 == 0 ? DAY / 2 : 2 * DAY));
        }
        expireDue();
        assertThat(fixture.shards.get(0).account.itemsLinked()).isEqualTo(100);
        fixture.now += DAY;
        expireDue();
        for (int number = 0; number < 100; number++) {
            assertThat(fixture.get(number).isHit()).isEqualTo(number % 2 == 1);
        }
        fixture.now += DAY + DAY / 4;
        expireDue();
        assertThat(fixture.shards.get(0).account.itemsLinked()).isZero();
    }
}
