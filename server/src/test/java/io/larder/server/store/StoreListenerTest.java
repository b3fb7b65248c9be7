package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreListenerTest {
    private static final long NOW = 1_000;
    private static final int SPACE = 7;

    private final List<String> told = new ArrayList<>();
    private boolean wanted = true;
    private long clockMillis = NOW;

    private final StoreListener listener =
            new StoreListener() {
                @Override
                public void stored(int shard, Key key, long version, boolean isNew) {
                    store.awaitWriters(); // would not return if the lock were held
                    told.add((isNew ? "new " : "stored ") + text(key.bytes().toByteArray()));
                }

                @Override
                public void changed(Key key) {
                    store.awaitWriters();
                    told.add("changed " + text(key.bytes().toByteArray()));
                }

                @Override
                public boolean wants(RemovalCause cause) {
                    return wanted;
                }

                @Override
                public void removed(Removal removal) {
                    store.awaitWriters();
                    assertThat(removal.space()).isEqualTo(SPACE);
                    assertThat(removal.hash()).isEqualTo(key(text(removal.key())).hash());
                    told.add(removal.cause() + " " + text(removal.key()));
                }
            };

    private final ShardedStore store =
            ShardedStore.open(
                    StoreConfig.of(8 << 20, 1, 1, 1, 2),
                    HeapMemory::allocate,
                    () -> clockMillis,
                    HitSink.FREQUENCY,
                    new SpaceReclaimer() {
                        @Override
                        public void request(int shard) {}

                        @Override
                        public boolean help(int shard) {
                            return false;
                        }
                    },
                    listener,
                    shard -> new SurvivalPolicy());

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Key key(String text) {
        return new Key().wrap(store.hasher(), SPACE, text.getBytes(StandardCharsets.UTF_8));
    }

    private Mutation mutation(String key, int valueBytes, long expiryMillis) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, key.getBytes(StandardCharsets.UTF_8));
        mutation.value.wrap(new byte[valueBytes], 0, valueBytes);
        mutation.expiryMillis = expiryMillis;
        return mutation;
    }

    private void put(String key, int valueBytes) {
        Mutation mutation = mutation(key, valueBytes, NOW + 500);
        assertThat(store.put(mutation, NOW)).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void put_tellsWhetherTheKeyIsNew_andWhatItReplaced() {
        put("a", 10);
        put("a", 10);
        put("large", 10_000);

        assertThat(told).containsExactly("new a", "stored a", "OVERWRITTEN a", "new large");
    }

    @Test
    void put_overAnExpiredItem_isNew() {
        put("a", 10);
        store.put(mutation("a", 10, NOW + 2_000), NOW + 1_000);

        assertThat(told).containsExactly("new a", "new a", "EXPIRED a");
    }

    @Test
    void touch_isTold_whereItemsExpireForWantOfUseToo() {
        put("a", 10);
        store.touch(mutation("a", 0, NOW + 900), NOW, null);
        store.touch(mutation("absent", 0, NOW + 900), NOW, null);
        assertThat(told).containsExactly("new a", "changed a");

        told.clear();
        store.spaces().define(SPACE, new SpaceSettings(10_000, 0, false));
        store.touch(mutation("a", 0, NOW + 900), NOW, null);
        assertThat(told).containsExactly("changed a");
    }

    @Test
    void delete_isTold_andWhatFollowsIsNew() {
        put("a", 10);
        store.delete(mutation("a", 0, 0), NOW);
        store.delete(mutation("a", 0, 0), NOW);
        put("a", 10);

        assertThat(told).containsExactly("new a", "changed a", "DELETED a", "new a");
    }

    @Test
    void refusedWrite_isNotTold() {
        Mutation mutation = mutation("a", 10, NOW + 500);
        mutation.presence = Mutation.Presence.PRESENT;

        assertThat(store.put(mutation, NOW)).isEqualTo(WriteStatus.MISSING);
        assertThat(told).isEmpty();
    }

    @Test
    void sweep_tellsWhatWasCleared() {
        put("a", 10);
        told.clear();
        for (int shard = 0; shard < store.shardCount(); shard++) {
            assertThat(store.sweep(shard, 0, 1_000, (space, version) -> false)).isEqualTo(-1);
        }

        assertThat(told).containsExactly("CLEARED a");
    }

    @Test
    void reclaim_tellsWhatWasEvicted_andWhatHadExpired() {
        put("a", 10);
        reclaimAll();
        put("b", 10);
        clockMillis = NOW + 1_000;
        reclaimAll();

        assertThat(told).containsExactly("new a", "EVICTED a", "new b", "EXPIRED b");
    }

    private void reclaimAll() {
        for (int shard = 0; shard < store.shardCount(); shard++) {
            while (store.reclaim(shard, Liveness.ALL) != ShardedStore.Reclaimed.NOTHING_LEFT) {}
        }
    }

    @Test
    void reclaim_ofAClearedRegion_tellsSo() {
        put("a", 10);
        told.clear();
        for (int shard = 0; shard < store.shardCount(); shard++) {
            Liveness none = (space, version) -> false;
            while (store.reclaim(shard, none) != ShardedStore.Reclaimed.NOTHING_LEFT) {}
        }

        assertThat(told).containsExactly("CLEARED a");
    }

    @Test
    void expire_tellsWhatHasExpired() {
        put("a", 10);
        told.clear();
        clockMillis = NOW + 3_600_000;
        for (int shard = 0; shard < store.shardCount(); shard++) {
            while (store.expire(shard)) {}
        }

        assertThat(told).containsExactly("EXPIRED a");
    }

    @Test
    void update_ofSeveralEntries_isToldOnceNoLockIsHeld() {
        put("a", 10);
        put("b", 10);
        told.clear();
        Mutation[] mutations = {
            mutation("a", 5, NOW + 500), mutation("b", 0, 0), mutation("c", 5, NOW + 500)
        };
        WriteStatus status =
                store.update(
                        mutations,
                        NOW,
                        (given, items) -> {
                            mutations[0].change = Mutation.Change.PUT;
                            mutations[1].change = Mutation.Change.REMOVE;
                            mutations[2].change = Mutation.Change.PUT;
                        });

        assertThat(status).isEqualTo(WriteStatus.DONE);
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "stored a", "OVERWRITTEN a", "changed b", "DELETED b", "new c");
    }

    @Test
    void removals_whenNobodyWantsThem_areNotTold() {
        wanted = false;
        put("a", 10);
        put("a", 10);
        store.delete(mutation("a", 0, 0), NOW);

        assertThat(told).containsExactly("new a", "stored a", "changed a");
    }
}
