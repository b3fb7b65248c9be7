package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import org.junit.jupiter.api.Test;

class ShardReaderTest {
    private static final byte[] KEY = {1, 2, 3};

    private final StoreFixture fixture =
            new StoreFixture(
                    StoreFixture.config(16, 512, 1),
                    HeapMemory::allocate,
                    HitSink.FREQUENCY,
                    new ShardAssembly());

    @Test
    void get_marksTheSlotAsRead() {
        put();

        read(item -> {});

        assertThat(freq()).isEqualTo(1);
    }

    @Test
    void get_thatIsNoUse_leavesTheSlotAsItIs() {
        put();

        read(
                new ValueSink() {
                    @Override
                    public void accept(ItemView item) {}

                    @Override
                    public boolean countsAsUse() {
                        return false;
                    }
                });

        assertThat(freq()).isZero();
    }

    private void put() {
        Mutation mutation = new Mutation();
        mutation.key.wrap(fixture.store.hasher(), StoreFixture.SPACE, KEY);
        mutation.value.wrap(KEY, 0, KEY.length);
        assertThat(fixture.store.put(mutation, 1)).isEqualTo(WriteStatus.DONE);
    }

    private void read(ValueSink sink) {
        assertThat(fixture.store.get(key(), 1, sink)).isEqualTo(ReadStatus.HIT);
    }

    private int freq() {
        Shard shard = fixture.shards.get(0);
        return Slot.freq(shard.memory.getLong(shard.index.find(key())));
    }

    private Key key() {
        return new Key().wrap(fixture.store.hasher(), StoreFixture.SPACE, KEY);
    }
}
