package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.HeapMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotTest {
    private final StoreFixture fixture = StoreFixture.onHeap(StoreFixture.config(512, 1024, 2));

    @ParameterizedTest
    @EnumSource
    void snapshot_isTheCut(Cut cut) {
        cut.holdFor(new ShardAssembly());
    }

    @Test
    void snapshot_holdsAllThatAnItemSays() throws IOException {
        Mutation mutation = fixture.mutationOf(7, "value");
        mutation.expiryMillis = 5_000;
        mutation.clientFlags = 11;
        mutation.callerVersion = -3;
        mutation.format = 0x21;
        mutation.negative = true;
        fixture.store.put(mutation, 1);
        Mutation again = new Mutation();
        List<Long> versions = new ArrayList<>();

        fixture.store.snapshot(
                1,
                Liveness.ALL,
                (block, length, items) -> {
                    SnapshotItem item = new SnapshotItem();
                    assertThat(item.wrap(block, 0, length)).isEqualTo(length);
                    assertThat(items).isEqualTo(1);
                    assertThat(item.space()).isEqualTo(StoreFixture.SPACE);
                    versions.add(item.version());
                    item.putInto(again, fixture.store.hasher(), item.space());
                    assertThat(again.key.bytes().toByteArray()).isEqualTo(StoreFixture.keyBytes(7));
                    assertThat(again.value.toByteArray()).isEqualTo("value".getBytes());
                });

        assertThat(versions).containsExactly(mutation.version);
        assertThat(again.expiryMillis).isEqualTo(5_000);
        assertThat(again.clientFlags).isEqualTo(11);
        assertThat(again.callerVersion).isEqualTo(-3);
        assertThat(again.format).isEqualTo(0x21);
        assertThat(again.negative).isTrue();
    }

    @Test
    void deletedExpiredAndCleared_areLeftOut() throws IOException {
        fixture.put(1, "a");
        fixture.put(2, "b");
        fixture.put(3, "c", 100);
        fixture.delete(1);
        fixture.space = 2;
        fixture.put(4, "d");
        fixture.now = 100;

        assertThat(Cut.snapshot(fixture, (space, version) -> space == StoreFixture.SPACE))
                .containsExactly(Map.entry(2, "b"));
    }

    @Test
    void sinkThatFails_leavesTheNextSnapshotWhole() throws IOException {
        for (int key = 0; key < 300; key++) {
            fixture.put(key, "v" + key);
        }
        int[] calls = {0};

        assertThatThrownBy(
                        () ->
                                fixture.store.snapshot(
                                        1,
                                        Liveness.ALL,
                                        (block, length, items) -> {
                                            if (++calls[0] == 3) {
                                                throw new IOException("disk full");
                                            }
                                        }))
                .hasMessage("disk full");

        assertThat(Cut.snapshot(fixture, Liveness.ALL)).hasSize(300);
    }

    @Test
    void snapshots_oneAfterAnother_areEachWhole_beyondTheMarksRange() throws IOException {
        for (int round = 0; round < 600; round++) {
            fixture.put(round, "v" + round);
            fixture.reclaim(round & 1, ALL_SURVIVE);

            assertThat(Cut.snapshot(fixture, Liveness.ALL)).hasSize(round + 1);
        }
    }

    @Test
    void snapshotInASnapshot_isRefused() throws IOException {
        fixture.put(1, "a");
        fixture.store.snapshot(
                1,
                Liveness.ALL,
                (block, length, items) ->
                        assertThatThrownBy(() -> Cut.snapshot(fixture, Liveness.ALL))
                                .isInstanceOf(IllegalStateException.class));
    }

    @Test
    void taggedItem_isLeftOutAndCounted() throws IOException {
        fixture.put(1, "a");
        fixture.putTagged(2, "b", "tag");
        Map<Integer, String> found = new HashMap<>();

        long omitted =
                fixture.store.snapshot(
                        1,
                        Liveness.ALL,
                        (block, length, items) -> Cut.collect(block, length, items, found));

        assertThat(omitted).isEqualTo(1);
        assertThat(found).containsExactly(Map.entry(1, "a"));
    }

    @Test
    void whatWasInvalidated_isLeftOut() throws IOException {
        fixture.put(1, "a");
        fixture.putTagged(2, "b", "tag");
        fixture.invalidateTag("tag");

        assertThat(Cut.snapshot(fixture, Liveness.ALL)).containsExactly(Map.entry(1, "a"));
    }

    /** In a chain of segments, and overwritten before the snapshot comes to it. */
    @Test
    void largeValue_isAsItWasAtTheCut_andItsChainGoesBack() throws IOException {
        StoreFixture small = StoreFixture.onHeap(StoreFixture.config(512, 256, 2));
        Map<Integer, String> wanted = new HashMap<>();
        for (int key = 0; key < 20; key++) {
            String value = String.valueOf((char) ('a' + key)).repeat(1 + 100 * key);
            assertThat(small.put(key, value)).isEqualTo(WriteStatus.DONE);
            wanted.put(key, value);
        }
        Map<Integer, String> found = new HashMap<>();

        small.store.snapshot(
                1,
                Liveness.ALL,
                (block, length, items) -> {
                    Cut.collect(block, length, items, found);
                    for (int key = 0; key < 20; key++) {
                        small.put(key, "after");
                    }
                });

        assertThat(found).isEqualTo(wanted);
        StoreAudit.check(small);
    }

    /** Writes that come to unmarked chains faster than the sink takes blocks. */
    @Test
    void snapshotThatWritesOutrun_fails_andTheyDoNot() throws IOException {
        StoreFixture large =
                new StoreFixture(
                        StoreFixture.config(64, 1 << 20, 2),
                        HeapMemory::allocate,
                        StoreFixture.NO_HITS,
                        new ShardAssembly());
        String value = "x".repeat(500_000);
        for (int key = 0; key < 60; key++) {
            large.put(key, value);
        }
        boolean[] written = {false};

        assertThatThrownBy(
                        () ->
                                large.store.snapshot(
                                        1,
                                        Liveness.ALL,
                                        (block, length, items) -> {
                                            for (int key = 0; key < 60 && !written[0]; key++) {
                                                assertThat(large.put(key, "small"))
                                                        .isEqualTo(WriteStatus.DONE);
                                            }
                                            written[0] = true;
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("snapshot: writes changed more than 16777216 bytes");

        Map<Integer, String> wanted = new HashMap<>();
        for (int key = 0; key < 60; key++) {
            wanted.put(key, "small");
        }
        assertThat(Cut.snapshot(large, Liveness.ALL)).isEqualTo(wanted);
    }

    @Test
    void blockThatIsNone_isRefused() {
        SnapshotItem item = new SnapshotItem();

        for (int length : new int[] {0, 3, 39, 40, 64}) {
            assertThatThrownBy(() -> item.wrap(new byte[64], 0, length))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
