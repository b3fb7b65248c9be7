package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;
import io.larder.server.store.Mutation.Presence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in chains, as a caller sees them; segments are of 256 bytes. */
class LargeValuesTest {
    private static final int KEY = 7;
    private static final int SEGMENTS = 40;
    private static final int UPLOAD_SEGMENTS = SEGMENTS / 4;

    private final StoreFixture fixture =
            new StoreFixture(
                    StoreFixture.config(SEGMENTS, 256, 1),
                    OffHeapMemory::allocate,
                    StoreFixture.NO_HITS,
                    new ShardAssembly());
    private final SegmentTable segments = fixture.shards.get(0).segments;
    private final List<LargeValue> retained = new ArrayList<>();

    @AfterEach
    void everySegmentIsAccountedFor() {
        retained.forEach(LargeValue::close);
        StoreAudit.check(fixture);
    }

    private static String text(int seed, int length) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    /** Frees every segment that can be; what is not free then is the index and what is pinned. */
    private int freeOnceEmpty() {
        fixture.space++; // nothing of the old one is live
        fixture.liveness = (space, version) -> false;
        while (fixture.reclaim(0, NONE_SURVIVES)) {
            assertThat(segments.free()).isPositive();
        }
        return segments.free();
    }

    private LargeValue retain(int key) {
        fixture.store.get(fixture.key(key), fixture.now, item -> retained.add(item.retain()));
        return retained.get(retained.size() - 1);
    }

    private static String textOf(LargeValue value) {
        byte[] bytes = new byte[value.length()];
        for (int offset = 0; offset < bytes.length; offset += 100) {
            value.copyTo(offset, bytes, offset, Math.min(100, bytes.length - offset));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 193, 255, 256, 257, 384, 385, 511, 512, 513, 640, 641, 2559, 2560})
    void value_ofAnyLength_comesBackWhole(int length) {
        String value = text(length, length);

        assertThat(fixture.put(KEY, value)).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.get(KEY).value()).isEqualTo(value);
        assertThat(fixture.put(KEY, "short")).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.shards.get(0).account.chainSegments()).isZero();
    }

    @Test
    void metadata_ofALargeValue_isKept() {
        Mutation mutation = fixture.mutationOf(KEY, text(1, 700));
        mutation.clientFlags = 0xCAFE;
        mutation.callerVersion = 77;
        mutation.format = 9;
        mutation.expiryMillis = 5_000;
        fixture.store.put(mutation, fixture.now);

        fixture.store.get(
                fixture.key(KEY),
                fixture.now,
                item -> {
                    assertThat(item.isLarge()).isTrue();
                    assertThat(item.valueLength()).isEqualTo(700);
                    assertThat(item.clientFlags()).isEqualTo(0xCAFE);
                    assertThat(item.callerVersion()).isEqualTo(77);
                    assertThat(item.format()).isEqualTo(9);
                    assertThat(item.expiryMillis()).isEqualTo(5_000);
                });
        assertThat(fixture.putIfVersion(KEY, "b", mutation.version)).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void retainedValue_outlivesItsItem_andHoldsItsSegmentsUntilClosed() {
        String value = text(1, 1000);
        fixture.put(KEY, value);
        LargeValue large = retain(KEY);
        fixture.put(KEY, text(2, 1000));
        fixture.delete(KEY);
        int held = freeOnceEmpty();
        fixture.liveness = Liveness.ALL;
        fixture.put(KEY, text(3, 1000));

        assertThat(textOf(large)).isEqualTo(value);
        large.close();
        large.close();
        fixture.delete(KEY);
        assertThat(freeOnceEmpty()).isEqualTo(held + 4);
    }

    @Test
    void relocation_takesTheChainAlong() {
        String value = text(1, 1000);
        fixture.put(KEY, value);
        int chained = fixture.shards.get(0).account.chainSegments();
        LargeValue large = retain(KEY);
        while (fixture.store.stats().relocations() < 3) {
            fixture.reclaim(0, ALL_SURVIVE);
        }

        assertThat(fixture.shards.get(0).account.chainSegments()).isEqualTo(chained);
        assertThat(segments.chains().pins(ChainTable.first(large.chain()))).isEqualTo(2);
        large.close();
        assertThat(fixture.get(KEY).value()).isEqualTo(value);
    }

    @Test
    void everyWayToGo_givesTheSegmentsBack() {
        fixture.put(1, "x");
        fixture.delete(1);
        int free = freeOnceEmpty();
        fixture.liveness = Liveness.ALL;
        fixture.put(1, text(1, 600));
        fixture.put(1, text(2, 600)); // overwritten
        fixture.put(2, text(3, 600));
        fixture.delete(2);
        fixture.put(3, text(4, 600), 10);
        fixture.now = 20; // expired
        fixture.put(4, text(5, 600)); // evicted or cleared

        assertThat(freeOnceEmpty()).isEqualTo(free);
        assertThat(fixture.shards.get(0).account.chainSegments()).isZero();
        assertThat(fixture.store.stats().bytesLive()).isZero();
    }

    @Test
    void upload_inPieces_isStoredWhole() {
        String value = text(1, 1500);
        Mutation mutation = fixture.mutationOf(KEY, "");
        try (ValueUpload upload = fixture.store.upload(mutation.key, value.length())) {
            for (int offset = 0; offset < value.length(); offset += 70) {
                String piece = value.substring(offset, Math.min(offset + 70, value.length()));
                assertThat(upload.write(slice(piece))).isTrue();
            }
            assertThat(upload.missing()).isZero();
            assertThatThrownBy(() -> upload.write(slice("x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pieceLength: 1 (expected: 0..0)");
            assertThat(fixture.store.put(mutation, upload, fixture.now))
                    .isEqualTo(WriteStatus.DONE);
        }
        assertThat(fixture.get(KEY).value()).isEqualTo(value);
    }

    private static Slice slice(String text) {
        return Slice.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 192})
    void upload_ofAShortValue_isAnOrdinaryItem(int length) {
        Mutation mutation = fixture.mutationOf(KEY, "");
        try (ValueUpload upload = fixture.store.upload(mutation.key, length)) {
            assertThat(upload.write(slice(text(1, length)))).isTrue();
            fixture.store.put(mutation, upload, fixture.now);
        }
        assertThat(fixture.get(KEY).value()).isEqualTo(text(1, length));
        assertThat(fixture.shards.get(0).account.chainSegments()).isZero();
    }

    @Test
    void upload_givenUpMidway_orRefused_leavesNothingBehind() {
        fixture.put(KEY, "a");
        int free = segments.free();
        Mutation mutation = fixture.mutationOf(KEY, "");
        try (ValueUpload upload = fixture.store.upload(mutation.key, 1500)) {
            upload.write(slice(text(1, 900)));
            assertThat(segments.free()).isLessThan(free);
        }
        assertThat(segments.free()).isEqualTo(free);
        mutation.presence = Presence.ABSENT;
        try (ValueUpload upload = fixture.store.upload(mutation.key, 1500)) {
            upload.write(slice(text(1, 1500)));
            assertThat(fixture.store.put(mutation, upload, fixture.now))
                    .isEqualTo(WriteStatus.EXISTS);
        }

        assertThat(segments.free()).isEqualTo(free);
        assertThat(fixture.get(KEY).value()).isEqualTo("a");
    }

    @Test
    void uploads_togetherOverTheirShare_areRefused_untilOneEnds() {
        Key key = fixture.key(KEY);
        ValueUpload first = fixture.store.upload(key, (UPLOAD_SEGMENTS - 1) * 256);
        assertThat(fixture.store.upload(key, 2 * 256)).isNull();
        ValueUpload second = fixture.store.upload(key, 256);
        assertThat(second).isNotNull();
        assertThat(fixture.put(KEY + 1, text(1, 600))).isEqualTo(WriteStatus.BUSY);
        first.close();
        second.close();
        second.close();

        assertThat(fixture.put(KEY + 1, text(1, 600))).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.store.stats().writesBusy()).isEqualTo(1);
    }

    @Test
    void put_withoutRoom_evictsAsManyAsItNeeds_andIsBusyIfThatFails() {
        for (int key = 0; fixture.put(key, text(key, 600)) == WriteStatus.DONE; key++) {
            assertThat(key).isLessThan(SEGMENTS);
        }
        int free = segments.free();
        assertThat(fixture.put(KEY, text(1, 1500))).isEqualTo(WriteStatus.BUSY);
        assertThat(segments.free()).isEqualTo(free);
        fixture.reclaimer =
                new SpaceReclaimer() {
                    @Override
                    public void request(int shard) {}

                    @Override
                    public boolean help(int shard) {
                        return fixture.reclaim(0, NONE_SURVIVES);
                    }
                };

        assertThat(fixture.put(KEY, text(1, 1500))).isEqualTo(WriteStatus.DONE);
        assertThat(fixture.get(KEY).value()).isEqualTo(text(1, 1500));
    }

    @Test
    void eviction_ofLargeValues_stopsWalkingOnceOneWasDropped() {
        for (int key = 0; key < 3; key++) {
            fixture.put(key, text(key, 600));
        }
        long evictions = fixture.store.stats().evictions();
        fixture.reclaimBatch(0, NONE_SURVIVES);

        assertThat(fixture.store.stats().evictions()).isEqualTo(evictions + 1);
        assertThat(fixture.get(2).value()).isEqualTo(text(2, 600));
    }

    @Test
    void appendAndPrepend_growIntoAChain_andOnIt_keepingWhatBelongsToTheItem() {
        Mutation mutation = fixture.mutationOf(KEY, text(1, 150));
        mutation.clientFlags = 5;
        mutation.expiryMillis = 9_000;
        fixture.store.put(mutation, fixture.now);
        String expected = text(1, 150);
        for (int i = 2; i < 8; i++) {
            String added = text(i, 130);
            assertThat(fixture.store.append(fixture.mutationOf(KEY, added), i % 2 == 0, 1))
                    .isEqualTo(WriteStatus.DONE);
            expected = i % 2 == 0 ? expected + added : added + expected;
        }

        assertThat(fixture.get(KEY).value()).isEqualTo(expected);
        assertThat(fixture.get(KEY).expiryMillis()).isEqualTo(9_000);
        fixture.store.get(fixture.key(KEY), 1, item -> assertThat(item.clientFlags()).isEqualTo(5));
        assertThat(fixture.append(KEY, text(9, fixture.store.valueBytesMax())))
                .isEqualTo(WriteStatus.TOO_LARGE);
        assertThat(fixture.append(KEY + 1, text(9, 600))).isEqualTo(WriteStatus.MISSING);
        mutation = fixture.mutationOf(KEY, text(9, 200));
        mutation.ifVersion = true;
        mutation.expectedVersion = 1;
        assertThat(fixture.store.append(mutation, true, 1)).isEqualTo(WriteStatus.VERSION_MISMATCH);
        assertThat(fixture.get(KEY).value()).isEqualTo(expected);
    }

    @Test
    void otherOperations_onALargeValue() {
        String value = text(1, 600);
        fixture.put(KEY, value, 1_000);
        List<String> seen = new ArrayList<>();
        Mutation mutation = fixture.mutationOf(KEY, "");
        mutation.expiryMillis = 2_000;
        ValueSink sink =
                item -> {
                    byte[] bytes = new byte[item.valueLength()];
                    item.copyTo(bytes, 0);
                    seen.add(new String(bytes, StandardCharsets.ISO_8859_1));
                };
        assertThat(fixture.store.touch(mutation, fixture.now, sink)).isEqualTo(WriteStatus.DONE);

        assertThat(seen).containsExactly(value);
        assertThat(fixture.get(KEY).expiryMillis()).isEqualTo(2_000);
        assertThat(fixture.increment(KEY, 1)).isEqualTo(WriteStatus.NOT_A_NUMBER);
        mutation = fixture.mutationOf(KEY, text(2, 600));
        mutation.negative = true;
        assertThat(fixture.store.put(mutation, fixture.now)).isEqualTo(WriteStatus.TOO_LARGE);
        assertThat(fixture.get(KEY).value()).isEqualTo(value);
    }

    @Test
    void scan_withValues_showsLargeOnesPinned_andLetsGoOfThem() {
        fixture.put(1, text(1, 600));
        fixture.put(2, "short");
        Scan scan = new Scan();
        scan.withValues = true;
        List<String> seen = new ArrayList<>();
        do {
            fixture.store.scan(
                    scan,
                    fixture.now,
                    item -> {
                        LargeValue large = item.largeValue();
                        seen.add(
                                large == null
                                        ? new String(
                                                item.value().toByteArray(),
                                                StandardCharsets.ISO_8859_1)
                                        : textOf(large));
                        return true;
                    });
        } while (scan.cursor != Scan.END);

        assertThat(seen).containsExactlyInAnyOrder(text(1, 600), "short");
    }

    /** Real segment sizes, each value of which is written for real. */
    @Test
    void bytesCharged_areAtMostTwiceThoseStored_atEverySize() {
        int segmentBytes = 64 << 10;
        StoreFixture big =
                new StoreFixture(
                        new StoreConfig(272L << 20, 1, segmentBytes, 1, 2, 1),
                        OffHeapMemory::allocate,
                        StoreFixture.NO_HITS,
                        new ShardAssembly());
        byte[] value = new byte[64 << 20];
        Arrays.fill(value, (byte) 'v');
        Random random = new Random(42);
        List<Integer> lengths = new ArrayList<>();
        for (int length = 4 << 10; length < 64 << 20; length += 1 + random.nextInt(length)) {
            lengths.add(length);
        }
        for (int halves = 1; halves < 8; halves++) {
            for (int beside = -70; beside <= 70; beside += 7) {
                lengths.add(halves * segmentBytes / 2 + beside);
            }
        }
        lengths.add(64 << 20);
        for (int length : lengths) {
            int freeBefore = big.shards.get(0).segments.free();
            Mutation mutation = big.mutationOf(length, "");
            mutation.value.wrap(value, 0, length);
            assertThat(big.store.put(mutation, 1)).isEqualTo(WriteStatus.DONE);
            double stored = 4 + length;
            double charged = big.store.stats().bytesLive();

            assertThat(charged / stored).as("%d bytes", length).isBetween(1.0, 2.0);
            if (length <= segmentBytes / 2 || length > 5 * segmentBytes / 2) {
                assertThat(charged / stored).as("%d bytes", length).isLessThanOrEqualTo(1.25);
            }
            big.store.delete(big.mutationOf(length, ""), 1);
            // An open one for items, and one for tombstones.
            assertThat(freeBefore - big.shards.get(0).segments.free()).isBetween(0, 2);
            if (big.shards.get(0).segments.free() < 1100) {
                while (big.reclaim(0, NONE_SURVIVES)) {
                    assertThat(big.shards.get(0).segments.free()).isPositive();
                }
            }
        }
        StoreAudit.check(big);
    }
}
