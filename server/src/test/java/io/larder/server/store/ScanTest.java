package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.Slice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final int KEYS = 500;

    private final StoreFixture fixture = StoreFixture.onHeap(StoreFixture.config(512, 1024, 4));
    private final Scan scan = new Scan();
    private final List<Integer> found = new ArrayList<>();

    @Test
    void scan_ofAnEmptyStore_ends() {
        scanAll();

        assertThat(found).isEmpty();
    }

    @Test
    void scan_findsEveryItemOnce() {
        putAll(KEYS);

        scanAll();

        assertThat(found).containsExactlyInAnyOrderElementsOf(numbers(KEYS));
    }

    @Test
    void scan_handsOverAllThatAnItemSays() {
        Mutation mutation = fixture.mutationOf(7, "value");
        mutation.expiryMillis = 5_000;
        mutation.clientFlags = 11;
        mutation.callerVersion = -3;
        mutation.format = 0x21;
        mutation.negative = true;
        fixture.store.put(mutation, 1);
        scan.withValues = true;

        fixture.store.scan(
                scan,
                1,
                item -> {
                    found.add(7);
                    assertThat(item.space()).isEqualTo(StoreFixture.SPACE);
                    assertThat(item.key().toByteArray()).isEqualTo(StoreFixture.keyBytes(7));
                    assertThat(text(item.value())).isEqualTo("value");
                    assertThat(item.version()).isEqualTo(mutation.version);
                    assertThat(item.expiryMillis()).isEqualTo(5_000);
                    assertThat(item.clientFlags()).isEqualTo(11);
                    assertThat(item.callerVersion()).isEqualTo(-3);
                    assertThat(item.format()).isEqualTo(0x21);
                    assertThat(item.negative()).isTrue();
                    return true;
                });

        assertThat(found).containsExactly(7);
    }

    @Test
    void scan_withoutValues_showsNone() {
        fixture.put(7, "value");

        fixture.store.scan(scan, 1, item -> found.add(item.value().length()));

        assertThat(found).containsExactly(0);
    }

    @Test
    void deletedAndExpired_areNotFound() {
        putAll(20);
        fixture.delete(3);
        fixture.put(4, "late", 1_000);
        fixture.put(5, "later", 1_001);
        fixture.now = 1_000;

        scanAll();

        assertThat(found).doesNotContain(3, 4).contains(5).hasSize(18);
    }

    @Test
    void scan_ofASpace_findsNoOther() {
        putAll(50);
        fixture.space = 2;
        fixture.put(1000, "other");
        scan.space = 2;

        scanAll();

        assertThat(found).containsExactly(1000);
    }

    @Test
    void scan_findsWhatIsLiveOnly() {
        putAll(50);
        long youngerFrom = ++fixture.now << 8;
        fixture.put(1000, "younger");
        scan.liveness = (space, itemVersion) -> itemVersion >= youngerFrom;

        scanAll();

        assertThat(found).contains(1000).doesNotContain(49);
    }

    @Test
    void scan_withAPrefix_findsWhatBeginsWithIt() {
        fixture.put(0x0102_0304, "a");
        fixture.put(0x0102_0405, "b");
        fixture.put(0x0103_0304, "c");
        scan.prefix.wrap(new byte[] {1, 2}, 0, 2);

        scanAll();

        assertThat(found).containsExactlyInAnyOrder(0x0102_0304, 0x0102_0405);
    }

    @Test
    void prefixLongerThanAnyKey_findsNothing() {
        putAll(50);
        scan.prefix.wrap(new byte[] {0, 0, 0, 1, 0}, 0, 5);

        scanAll();

        assertThat(found).isEmpty();
    }

    @Test
    void sinkThatWantsNoMore_goesOnBehindItNextTime() {
        putAll(KEYS);

        do {
            int before = found.size();
            fixture.store.scan(scan, 1, this::take);
            assertThat(found.size() - before).isLessThanOrEqualTo(1);
        } while (scan.cursor != Scan.END);

        assertThat(found).containsExactlyInAnyOrderElementsOf(numbers(KEYS));
    }

    @Test
    void keysThatACursorCannotTellApart_comeTogether() {
        StoreFixture oneShard = StoreFixture.onHeap(StoreFixture.config(16, 256, 1));
        int other = oneShard.doubleOf(7);
        oneShard.put(7, "a");
        oneShard.put(other, "b");

        oneShard.store.scan(scan, 1, this::take);

        assertThat(found).containsExactlyInAnyOrder(7, other);
    }

    @Test
    void step_looksAtNoMoreBucketsThanWanted() {
        putAll(KEYS);
        scan.bucketsMax = 1;
        long buckets = fixture.shards.stream().mapToLong(s -> s.index.primaryBuckets()).sum();

        long steps = 0;
        do {
            fixture.store.scan(scan, 1, this::takeAndGoOn);
            steps++;
        } while (scan.cursor != Scan.END);

        assertThat(steps).isGreaterThanOrEqualTo(buckets);
        assertThat(found).containsExactlyInAnyOrderElementsOf(numbers(KEYS));
    }

    @Test
    void scanFromAKey_beginsWithItAndEndsAsTheWholeDoes() {
        putAll(KEYS);
        scanAll();
        List<Integer> order = List.copyOf(found);
        for (int i = 0; i < KEYS; i += 37) {
            found.clear();
            scan.cursor = fixture.store.cursorOf(fixture.key(order.get(i)));

            scanOn();

            assertThat(found).isEqualTo(order.subList(i, KEYS));
        }
    }

    @Test
    void cursorOfNoShard_isRefused() {
        scan.cursor = -1;

        assertThatThrownBy(this::scanOn)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor: 18446744073709551615 (expected: 0, or");
    }

    @Test
    void cursorOfABucketThatIsNot_goesOnWithTheNextShard() {
        putAll(KEYS);
        scan.cursor = ScanCursor.of(2, 1 << 29, 5);

        scanOn();

        scan.cursor = ScanCursor.of(3, 0, 0);
        int size = found.size();
        scanOn();
        assertThat(found.subList(0, size)).isNotEmpty().isEqualTo(found.subList(size, 2 * size));
    }

    /** Between steps everything happens to other keys, and to the places of these. */
    @Test
    void itemPresentThroughout_isFound() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            StoreFixture store = StoreFixture.onHeap(StoreFixture.config(2048, 256, 2));
            for (int key = 0; key < 200; key++) {
                store.put(key, "stays");
            }
            Set<Integer> seen = new HashSet<>();
            Scan walk = new Scan();
            walk.bucketsMax = 1 + random.nextInt(3);
            int next = 1000;
            do {
                store.store.scan(walk, 1, item -> add(seen, item) && random.nextInt(4) > 0);
                for (int i = random.nextInt(12); i > 0; i--) {
                    store.put(next++, "comes");
                }
                store.delete(1000 + random.nextInt(next - 999));
                store.reclaim(random.nextInt(2), ALL_SURVIVE);
                store.put(random.nextInt(200), "stays, in another place");
            } while (walk.cursor != Scan.END);

            assertThat(seen).as("seed %d", seed).containsAll(numbers(200));
        }
    }

    @Test
    void evicted_isNotFound() {
        putAll(100);
        while (fixture.reclaim(0, NONE_SURVIVES)) {
            found.clear();
        }

        scanAll();

        assertThat(found).isNotEmpty().allMatch(key -> fixture.get(key).isHit());
    }

    private static boolean add(Set<Integer> seen, ScannedItem item) {
        seen.add(number(item));
        return true;
    }

    private boolean take(ScannedItem item) {
        found.add(number(item));
        return false;
    }

    private boolean takeAndGoOn(ScannedItem item) {
        return found.add(number(item));
    }

    private void scanAll() {
        scan.cursor = Scan.BEGIN;
        scanOn();
    }

    private void scanOn() {
        do {
            fixture.store.scan(scan, fixture.now, this::takeAndGoOn);
        } while (scan.cursor != Scan.END);
    }

    private void putAll(int count) {
        for (int key = 0; key < count; key++) {
            fixture.put(key, "v" + key);
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static int number(ScannedItem item) {
        return ByteBuffer.wrap(item.key().toByteArray()).getInt();
    }

    private static String text(Slice slice) {
        return new String(slice.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
