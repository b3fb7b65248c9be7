package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvalidationTest {
    private final StoreFixture store = StoreFixture.onHeap(StoreFixture.config(256, 1024, 2));

    @Test
    void invalidateTag_endsItemsThatCarryIt() {
        store.putTagged(1, "a", "red");
        store.putTagged(2, "b", "green", "red");
        store.putTagged(3, "c", "green");
        store.put(4, "d");

        assertThat(store.invalidateTag("red")).isEqualTo(WriteStatus.DONE);

        assertThat(store.get(1).isHit()).isFalse();
        assertThat(store.get(2).isHit()).isFalse();
        assertThat(store.get(3).value()).isEqualTo("c");
        assertThat(store.get(4).value()).isEqualTo("d");
    }

    @Test
    void invalidateTag_inOneRegion_leavesAnothersAlone() {
        store.putTagged(1, "a", "red");
        store.space = 2;
        store.invalidateTag("red");
        store.space = StoreFixture.SPACE;

        assertThat(store.get(1).value()).isEqualTo("a");
    }

    @Test
    void putAfterInvalidation_isFound() {
        store.putTagged(1, "a", "red");
        store.invalidateTag("red");
        store.invalidatePrefix(0);
        store.putTagged(1, "b", "red");

        assertThat(store.get(1).value()).isEqualTo("b");
        store.sweep();
        assertThat(store.get(1).value()).isEqualTo("b");
    }

    @Test
    void invalidatePrefix_endsItemsUnderIt() {
        store.put(0x0101, "a");
        store.put(0x0102, "b");
        store.put(0x0201, "c");

        store.invalidatePrefix(0, 0, 1);

        assertThat(store.get(0x0101).isHit()).isFalse();
        assertThat(store.get(0x0102).isHit()).isFalse();
        assertThat(store.get(0x0201).value()).isEqualTo("c");
    }

    @Test
    void invalidated_isAbsentToEveryWrite() {
        store.putTagged(1, "7", "red");
        store.invalidateTag("red");

        assertThat(store.touch(1, 5_000)).isEqualTo(WriteStatus.MISSING);
        assertThat(store.increment(1, 1)).isEqualTo(WriteStatus.MISSING);
        assertThat(store.delete(1)).isEqualTo(WriteStatus.MISSING);
        assertThat(store.get(1).isHit()).isFalse();
    }

    @Test
    void tags_stayWithAnIncrementedItem() {
        store.putTagged(1, "7", "red", "green");
        assertThat(store.increment(1, 1)).isEqualTo(WriteStatus.DONE);
        assertThat(store.get(1).value()).isEqualTo("8");

        store.invalidateTag("green");

        assertThat(store.get(1).isHit()).isFalse();
    }

    @Test
    void relocation_keepsAliveWhatIsAndDeadWhatIsNot() {
        store.putTagged(1, "a", "red");
        store.putTagged(2, "b", "green");
        store.invalidateTag("red");
        for (int shard = 0; shard < 2; shard++) {
            store.reclaim(shard, ALL_SURVIVE);
        }

        assertThat(store.get(1).isHit()).isFalse();
        assertThat(store.get(2).value()).isEqualTo("b");
        assertThat(store.store.stats().evictions()).isZero();
        store.invalidateTag("green");
        assertThat(store.get(2).isHit()).isFalse();
    }

    @Test
    void sweep_dropsTheDeadAndForgetsTheFloors() {
        store.putTagged(1, "a", "red");
        store.put(0x0101, "b");
        store.invalidateTag("red");
        store.invalidatePrefix(0, 0, 1);

        store.sweep();

        assertThat(store.store.stats().items()).isZero();
        assertThat(store.shards).allMatch(shard -> shard.floors.active() == null);
        StoreAudit.check(store);
    }

    @Test
    void sweepUnderWay_doesNotForgetWhatCameAfterItsBeginning() {
        for (int key = 0; key < 200; key++) {
            store.putTagged(key, "a", "red");
        }
        long bucket = store.store.sweep(0, 0, 4, Liveness.ALL);
        store.invalidateTag("red");
        while (bucket >= 0) {
            bucket = store.store.sweep(0, bucket, 4, Liveness.ALL);
        }

        for (int key = 0; key < 200; key++) {
            assertThat(store.get(key).isHit()).as("key %d", key).isFalse();
        }
        assertThat(store.shards.get(0).floors.active()).isNotNull();
        store.sweep();
        assertThat(store.store.stats().items()).isZero();
    }

    @Test
    void sweepThatLeftBucketsOut_forgetsNothing() {
        for (int key = 0; key < 200; key++) {
            store.putTagged(key, "a", "red");
        }
        store.invalidateTag("red");
        store.store.sweep(0, 0, 2, Liveness.ALL);

        assertThat(store.store.sweep(0, 4, 1 << 20, Liveness.ALL)).isNegative();

        assertThat(store.shards.get(0).floors.active()).isNotNull();
    }

    @Test
    void sweep_remembersDeletionsUnderAPrefix() {
        store.put(0x0101, "a");
        store.delete(0x0101);
        long deleted = store.mutation.version;
        store.invalidatePrefix(0, 0, 1);
        store.sweep();

        Shard shard = store.shards.get((int) (store.key(0x0101).hash() >>> 63));
        long slotAt = shard.index.find(store.key(0x0101));
        assertThat(slotAt).isNotEqualTo(HashIndex.NO_SLOT);
        long position = Slot.position(shard.memory.getLong(slotAt));
        assertThat(ItemLayout.version(shard.memory.getLong(position + ItemLayout.WORD1_OFFSET)))
                .isEqualTo(deleted);
    }

    @Test
    void invalidations_beyondTheirBound_areBusyUntilASweep() {
        for (int prefix = 0; prefix < PrefixFloors.PREFIXES_MAX; prefix++) {
            assertThat(store.invalidatePrefix(prefix)).isEqualTo(WriteStatus.DONE);
        }
        for (int tag = 0; tag < TagFloors.TAGS_MAX; tag++) {
            assertThat(store.invalidateTag("tag " + tag)).isEqualTo(WriteStatus.DONE);
        }

        assertThat(store.invalidatePrefix(99)).isEqualTo(WriteStatus.BUSY);
        assertThat(store.invalidateTag("one more")).isEqualTo(WriteStatus.BUSY);
        assertThat(store.invalidatePrefix(7)).as("again").isEqualTo(WriteStatus.DONE);
        assertThat(store.invalidateTag("tag 7")).as("again").isEqualTo(WriteStatus.DONE);
        store.sweep();
        assertThat(store.invalidatePrefix(99)).isEqualTo(WriteStatus.DONE);
        assertThat(store.invalidateTag("one more")).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void scan_passesTheInvalidatedOver() {
        store.putTagged(1, "a", "red");
        store.put(0x0101, "b");
        store.put(0x0201, "c");
        store.invalidateTag("red");
        store.invalidatePrefix(0, 0, 1);
        List<Integer> keys = new ArrayList<>();
        Scan scan = new Scan();

        do {
            store.store.scan(
                    scan,
                    store.now,
                    item -> keys.add(ByteBuffer.wrap(item.key().toByteArray()).getInt()));
        } while (scan.cursor != Scan.END);

        assertThat(keys).containsExactly(0x0201);
    }

    @Test
    void mutation_takesEightTags() {
        Mutation mutation = new Mutation();
        for (int tag = 1; tag <= Mutation.TAGS_MAX; tag++) {
            mutation.addTag(tag);
        }
        assertThatThrownBy(() -> mutation.addTag(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tags: 9 (expected: 0..8)");
    }
}
