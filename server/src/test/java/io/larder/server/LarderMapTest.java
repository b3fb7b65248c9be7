package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.embedded.Change;
import io.larder.server.embedded.Entry;
import io.larder.server.embedded.LarderMap;
import io.larder.server.embedded.Outcome;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LarderMapTest {
    private static final byte[] KEY = bytes("k");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MANY = 10_000;

    private final LarderStore store = LarderStore.open(16 << 20);
    private final LarderMap map = store.map();

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private @Nullable String valueOf(String key) {
        return text(map.get(bytes(key)));
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            map.put(bytes("key" + i), bytes("" + i));
        }
    }

    @Test
    void put_isRead_andRemoved() {
        map.put(KEY, bytes("v"));
        assertThat(valueOf("k")).isEqualTo("v");
        assertThat(map.containsKey(KEY)).isTrue();
        assertThat(map.remove(KEY)).isTrue();
        assertThat(map.remove(KEY)).isFalse();
        assertThat(map.get(KEY)).isNull();
        assertThat(map.getEntry(KEY)).isNull();
    }

    @Test
    void spans_areTheSameAsArrays() {
        byte[] bytes = bytes("xkeyvaluex");
        map.put(bytes, 1, 3, bytes, 4, 5, 60_000);
        assertThat(valueOf("key")).isEqualTo("value");
        int[] length = {0};
        assertThat(map.get(bytes, 1, 3, item -> length[0] = item.valueLength())).isTrue();
        assertThat(length[0]).isEqualTo(5);
    }

    @Test
    void conditionalWrites_lookAtWhatIsThere() {
        assertThat(map.replace(KEY, bytes("a"))).isFalse();
        assertThat(map.putIfAbsent(KEY, bytes("b"))).isTrue();
        assertThat(map.putIfAbsent(KEY, bytes("c"), HOUR)).isFalse();
        assertThat(map.replace(KEY, bytes("d"))).isTrue();
        Entry entry = map.getEntry(KEY);
        assertThat(map.replace(KEY, entry.version() + 1, bytes("e"))).isFalse();
        assertThat(map.replace(KEY, entry.version(), bytes("f"))).isTrue();
        assertThat(map.remove(KEY, entry.version())).isFalse();
        assertThat(valueOf("k")).isEqualTo("f");
        assertThat(map.replace(bytes("absent"), 0, bytes("g"))).isFalse();
    }

    @Test
    void timeToLive_isKeptOrReplaced() {
        map.put(KEY, bytes("a"));
        assertThat(map.getEntry(KEY).timeToLive()).isNull();
        assertThat(map.touch(KEY, HOUR)).isTrue();
        map.compute(KEY, entry -> Change.put(bytes("b")));
        assertThat(map.getEntry(KEY).timeToLive()).isBetween(HOUR.minusMinutes(5), HOUR);
        map.alter(KEY, entry -> Change.put(bytes("c"), HOUR.multipliedBy(3)));
        assertThat(map.getEntry(KEY).timeToLive()).isGreaterThan(HOUR);
        map.put(KEY, bytes("d"), Duration.ofDays(1_000_000));
        assertThat(map.getEntry(KEY).timeToLive()).isGreaterThan(Duration.ofDays(10_000));
        assertThatThrownBy(() -> map.put(KEY, bytes("e"), Duration.ZERO))
                .hasMessage("timeToLive: PT0S (expected: > 0)");
    }

    @Test
    void negativeItem_isAbsent() {
        Mutation negative = new Mutation();
        negative.key.wrap(store.store().hasher(), RegionTable.SPACE_FIRST, KEY);
        negative.negative = true;
        negative.expiryMillis = Mutation.NEVER;
        assertThat(store.store().put(negative, store.clock().nowMillis()))
                .isEqualTo(WriteStatus.DONE);

        assertThat(map.get(KEY)).isNull();
        assertThat(map.get(KEY, item -> {})).isFalse();
        assertThat(map.getEntry(KEY)).isNull();
        assertThat(map.containsKey(KEY)).isFalse();
        assertThat(map.getAll(List.of(KEY))).containsExactly((byte[]) null);
        assertThat(map.iterator()).isExhausted();
        assertThat(map.alter(KEY, entry -> Change.put(bytes("x")))).isNull();
        map.compute(KEY, entry -> entry == null ? Change.put(bytes("v")) : Change.keep());
        assertThat(valueOf("k")).isEqualTo("v");
    }

    @Test
    void numbers_andAdditions() {
        assertThat(map.increment(KEY, 5)).isEqualTo(5);
        assertThat(map.increment(KEY, -7)).isEqualTo(-2);
        assertThat(map.append(KEY, bytes("0"))).isTrue();
        assertThat(map.prepend(KEY, bytes("x"))).isTrue();
        assertThat(valueOf("k")).isEqualTo("x-20");
        assertThat(map.append(bytes("absent"), KEY)).isFalse();
        assertThatThrownBy(() -> map.increment(KEY, 1)).isInstanceOf(NumberFormatException.class);
        map.put(KEY, bytes("" + Long.MAX_VALUE));
        assertThatThrownBy(() -> map.increment(KEY, 1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void compute_putsRemovesAndKeeps_andReturnsWhatIsThereThen() {
        assertThat(text(map.compute(KEY, entry -> Change.put(bytes("a" + entry)))))
                .isEqualTo("anull");
        assertThat(text(map.compute(KEY, entry -> Change.keep()))).isEqualTo("anull");
        assertThat(map.compute(KEY, entry -> Change.remove())).isNull();
        assertThat(map.compute(KEY, entry -> Change.keep())).isNull();
        assertThat(map.alter(KEY, entry -> Change.put(bytes("b")))).isNull();
        assertThat(map.containsKey(KEY)).isFalse();
        assertThat(text(map.getOrInsert(KEY, () -> bytes("c")))).isEqualTo("c");
        assertThat(text(map.getOrInsert(KEY, bytes("d")))).isEqualTo("c");
    }

    @Test
    void compute_whoseFunctionThrows_leavesTheEntryAndTheLock() {
        map.put(KEY, bytes("a"));
        assertThatThrownBy(
                        () ->
                                map.compute(
                                        KEY,
                                        entry -> {
                                            throw new IllegalArgumentException("no");
                                        }))
                .hasMessage("no");
        assertThat(valueOf("k")).isEqualTo("a");
        assertThat(map.tryPut(KEY, bytes("b"), HOUR)).isEqualTo(Outcome.DONE);
    }

    @Test
    void compute_whoseFunctionCallsTheMap_isRefused_whateverTheKey() {
        for (int other = 0; other < 100; other++) {
            byte[] otherKey = bytes("other" + other);
            assertThatThrownBy(
                            () ->
                                    map.compute(
                                            KEY,
                                            entry -> {
                                                map.put(otherKey, KEY);
                                                return Change.keep();
                                            }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("called from a function");
        }
        map.put(KEY, KEY);
        assertThatThrownBy(() -> map.alter(KEY, entry -> Change.put(bytes("" + map.size()))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.get(KEY, item -> map.remove(KEY)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(map.remove(KEY)).isTrue();
    }

    @Test
    void swap_exchangesValuesAndExpiry_alsoWithNothing() {
        map.put(bytes("a"), bytes("1"), HOUR);
        map.put(bytes("b"), bytes("2"));
        map.swap(bytes("a"), bytes("b"));
        assertThat(valueOf("a")).isEqualTo("2");
        assertThat(map.getEntry(bytes("a")).timeToLive()).isNull();
        assertThat(map.getEntry(bytes("b")).timeToLive()).isNotNull();
        map.swap(bytes("a"), bytes("c"));
        assertThat(map.containsKey(bytes("a"))).isFalse();
        assertThat(valueOf("c")).isEqualTo("2");
        map.swap(bytes("c"), bytes("c"));
        assertThat(valueOf("c")).isEqualTo("2");
    }

    @Test
    void updateAll_movesBetweenAccounts_orNotAtAll() {
        map.put(bytes("a"), bytes("1"));
        List<byte[]> keys = List.of(bytes("a"), bytes("b"));
        map.updateAll(keys, entries -> List.of(Change.remove(), Change.copyOf(entries.get(0))));
        assertThat(map.containsKey(bytes("a"))).isFalse();
        assertThat(valueOf("b")).isEqualTo("1");
        assertThatThrownBy(() -> map.updateAll(keys, entries -> List.of(Change.remove())))
                .hasMessage("changes: 1 (expected: 2)");
        byte[] tooLong = new byte[store.store().valueBytesMax()];
        assertThatThrownBy(
                        () ->
                                map.updateAll(
                                        keys,
                                        entries -> List.of(Change.put(KEY), Change.put(tooLong))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(map.containsKey(bytes("a"))).isFalse();
    }

    @Test
    void many_inOneCall() {
        Map<byte[], byte[]> entries = new HashMap<>();
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            keys.add(bytes("key" + i));
            entries.put(keys.get(i), bytes("v" + i));
        }
        map.putAll(entries);
        keys.add(bytes("absent"));
        List<byte[]> values = map.getAll(keys);
        assertThat(text(values.get(42))).isEqualTo("v42");
        assertThat(values.get(100)).isNull();
        assertThat(map.removeAll(keys)).isEqualTo(100);
        assertThat(map.size()).isZero();
    }

    @Test
    void tries_giveUpWhileTheLockIsHeld_andLaterSucceed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> holding =
                    thread.submit(
                            () ->
                                    map.compute(
                                            KEY,
                                            entry -> {
                                                inside.countDown();
                                                return keepAfter(leave);
                                            }));
            inside.await();
            assertThat(tryAll()).containsOnly(Outcome.TIMED_OUT);
            leave.countDown();
            holding.get();
            assertThat(tryAll()).containsOnly(Outcome.DONE);
            assertThat(map.tryRemove(KEY, HOUR)).isEqualTo(Outcome.ABSENT);
        } finally {
            leave.countDown();
            thread.shutdownNow();
        }
    }

    private static Change keepAfter(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return Change.keep();
    }

    private List<Outcome> tryAll() {
        Duration timeout = Duration.ofMillis(1);
        return List.of(
                map.tryPut(KEY, KEY, timeout),
                map.tryCompute(KEY, timeout, entry -> Change.keep()),
                map.tryUpdateAll(
                        List.of(bytes("a"), KEY),
                        timeout,
                        entries -> List.of(Change.keep(), Change.keep())),
                map.tryRemove(KEY, timeout));
    }

    @Test
    void iterator_meetsAll_andRemovesWhatHasNotChanged() {
        fill(MANY);
        Set<String> met = new TreeSet<>();
        Iterator<Entry> entries = map.iterator();
        assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
        while (entries.hasNext()) {
            Entry entry = entries.next();
            met.add(text(entry.key()));
            if (text(entry.key()).equals("key7")) {
                map.put(entry.key(), bytes("new"));
            }
            entries.remove();
        }
        assertThat(met).hasSize(MANY);
        assertThat(map.size()).isEqualTo(1);
        assertThat(valueOf("key7")).isEqualTo("new");
    }

    @Test
    void values_longerThanASegment_areReadWalkedAndAnswered() {
        byte[] value = new byte[300_000];
        value[299_999] = 7;
        map.put(KEY, value);
        assertThat(map.get(KEY)).isEqualTo(value);
        assertThat(map.iterator().next().value()).isEqualTo(value);
        assertThat(map.compute(KEY, entry -> Change.keep())).isEqualTo(value);
        assertThatThrownBy(() -> map.swap(KEY, bytes("other")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(map.get(KEY)).isEqualTo(value);
    }

    @Test
    void removeIf_judgesAnewWhatChangesMeanwhile() {
        fill(100);
        long removed =
                map.removeIf(
                        entry -> {
                            if (text(entry.value()).equals("7")) {
                                map.put(entry.key(), bytes("kept"));
                            }
                            return !text(entry.value()).equals("kept");
                        });
        assertThat(removed).isEqualTo(99);
        assertThat(valueOf("key7")).isEqualTo("kept");
        assertThat(map.retain(entry -> false)).isEqualTo(1);
    }

    @Test
    void reduce_inParallel_equalsSequential() {
        fill(MANY);
        long wanted = (long) MANY * (MANY - 1) / 2;
        for (long threshold : new long[] {0, MANY, MANY + 1, Long.MAX_VALUE}) {
            Long sum = map.reduce(threshold, LarderMapTest::numberOf, Long::sum);
            assertThat(sum).isEqualTo(wanted);
        }
        Long none = store.map("empty").reduce(0, LarderMapTest::numberOf, Long::sum);
        assertThat(none).isNull();
    }

    private static Long numberOf(Entry entry) {
        return Long.parseLong(text(entry.value()));
    }

    @Test
    void forEach_belowTheThreshold_staysOnThisThread() {
        fill(MANY);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        map.forEach(MANY + 1, entry -> threads.add(Thread.currentThread()));
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    /** The first entry is held up until another thread has met one. */
    @Test
    void forEach_fromTheThreshold_isSharedWithTheWorkers() {
        fill(MANY);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        map.forEach(
                MANY,
                entry -> {
                    if (threads.add(Thread.currentThread())) {
                        two.countDown();
                        keepAfter(two);
                    }
                });
        assertThat(threads).contains(Thread.currentThread());
        assertThat(threads).anyMatch(any -> any.getName().startsWith("larder-maintenance"));
    }

    @Test
    void forEach_whoseActionThrows_passesItOn_andHasEnded() {
        fill(MANY);
        assertThatThrownBy(
                        () ->
                                map.forEach(
                                        0,
                                        entry -> {
                                            throw new IllegalArgumentException("no");
                                        }))
                .hasMessage("no");
        assertThat(map.size()).isEqualTo(MANY);
    }

    @Test
    void regions_areMapsOfTheirOwn_andClearedByThemselves() {
        LarderMap other = store.map("other");
        map.put(KEY, bytes("a"));
        other.put(KEY, bytes("b"));
        assertThat(store.map("other").size()).isEqualTo(1);
        other.clear();
        assertThat(other.get(KEY)).isNull();
        assertThat(valueOf("k")).isEqualTo("a");
        assertThatThrownBy(() -> store.map("No Name")).isInstanceOf(IllegalArgumentException.class);
    }
}
