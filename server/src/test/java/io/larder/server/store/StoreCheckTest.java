package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.LarderStore;
import io.larder.server.embedded.LarderMap;
import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StoreCheckTest {
    private static final int ITEMS = 200;

    private final StoreFixture fixture =
            new StoreFixture(
                    StoreFixture.config(64, 8192, 2),
                    HeapMemory::allocate,
                    StoreFixture.NO_HITS,
                    new ShardAssembly());

    private void fill() {
        for (int i = 0; i < ITEMS; i++) {
            fixture.put(i, "value " + i);
        }
        for (int i = 0; i < ITEMS; i += 3) {
            fixture.put(i, "another value " + i);
        }
        for (int i = 0; i < ITEMS; i += 7) {
            fixture.delete(i);
        }
    }

    private static long firstSlotAt(Shard shard) {
        for (long bucket = 0; bucket < shard.index.primaryBuckets(); bucket++) {
            long slotAt = shard.index.nextSlot(bucket, HashIndex.NO_SLOT);
            while (slotAt != HashIndex.NO_SLOT) {
                if (Slot.kind(shard.memory.getLong(slotAt)) == Slot.KIND_ITEM) {
                    return slotAt;
                }
                slotAt = shard.index.nextSlot(bucket, slotAt);
            }
        }
        throw new AssertionError("no item");
    }

    @Test
    void soundStore_hasNoFaults_andAllOfItWasLookedAt() {
        fill();
        StoreCheck found = fixture.store.check();
        assertThat(found.faults()).isEmpty();
        assertThat(found.faultsFound()).isZero();
        assertThat(found.slots()).isEqualTo(ITEMS); // tombstones, too
        assertThat(found.items()).isEqualTo(ITEMS);
        assertThat(found.segments()).isPositive();
    }

    @Test
    void eachDamage_isFound_withItsPlace() {
        fill();
        Shard shard = fixture.shards.get(0);
        Memory memory = shard.memory;
        long slotAt = firstSlotAt(shard);
        long slot = memory.getLong(slotAt);
        long position = Slot.position(slot);
        long word0 = memory.getLong(position);

        memory.putLong(slotAt, slot ^ 1L << 50); // another tag
        assertFaults("slot " + slotAt, "expected: ");
        memory.putLong(slotAt, Slot.EMPTY);
        assertFaults("item " + position + ": no slot points at it", "items counted: ");
        memory.putLong(slotAt, slot + 1); // between two items
        assertFaults("slot " + slotAt);
        memory.putLong(slotAt, slot | (1L << 38) - 1); // far out
        assertFaults("slot " + slotAt);
        memory.putLong(slotAt, slot);

        memory.putLong(position, ItemLayout.withState(word0, ItemLayout.STATE_DEAD));
        assertFaults("slot " + slotAt, "state", "dead bytes");
        memory.putLong(position, ItemLayout.withState(word0, ItemLayout.STATE_RESERVED));
        assertFaults("items being written");
        memory.putLong(position, 0);
        assertFaults("no item at " + position);
        memory.putLong(position, word0);
        assertThat(fixture.store.check().faults()).isEmpty();

        shard.account.stored(Long.MAX_VALUE, 8, 0);
        assertFaults("items counted");
    }

    private void assertFaults(String... texts) {
        StoreCheck found = fixture.store.check();
        assertThat(found.faultsFound()).isPositive();
        for (String text : texts) {
            assertThat(found.faults()).anySatisfy(fault -> assertThat(fault).contains(text));
        }
    }

    @Test
    void storeInUse_thatEvicts_hasNoFaults() throws InterruptedException {
        try (LarderStore store = LarderStore.open(8 << 20)) {
            LarderMap map = store.map();
            AtomicBoolean isOver = new AtomicBoolean();
            List<Throwable> failures = new ArrayList<>();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int seed = i;
                Thread writer = new Thread(() -> write(map, new Random(seed), isOver));
                writer.setUncaughtExceptionHandler((thread, error) -> failures.add(error));
                writer.start();
                writers.add(writer);
            }
            long slots = 0;
            for (int i = 0; i < 30; i++) {
                StoreCheck found = store.check();
                slots = Math.max(slots, found.slots());
                assertThat(found.faults()).isEmpty();
            }
            isOver.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(failures).isEmpty();
            assertThat(slots).isPositive();
            assertThat(store.check().faults()).isEmpty();
        }
    }

    private static void write(LarderMap map, Random random, AtomicBoolean isOver) {
        while (!isOver.get()) {
            byte[] key = ("key " + random.nextInt(50_000)).getBytes(StandardCharsets.UTF_8);
            int choice = random.nextInt(20);
            if (choice == 0) {
                map.remove(key);
            } else {
                map.put(key, new byte[choice == 1 ? 60_000 : random.nextInt(400)]);
            }
        }
    }
}
