package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.store.Mutation.Change;
import io.larder.server.store.Mutation.Presence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntryUpdateTest {
    private static final int KEY = 7;
    private static final int OTHER = 8;

    private final StoreFixture fixture = StoreFixture.onHeap(StoreFixture.config(64, 1024, 4));

    private Mutation[] mutations(int... numbers) {
        Mutation[] mutations = new Mutation[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            mutations[i] = new Mutation();
            mutations[i].key.wrap(
                    fixture.store.hasher(), fixture.space, StoreFixture.keyBytes(numbers[i]));
        }
        return mutations;
    }

    private WriteStatus update(EntryFunction function, int... numbers) {
        return fixture.store.update(mutations(numbers), fixture.now, function);
    }

    private static void put(Mutation mutation, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        mutation.change = Change.PUT;
        mutation.value.wrap(bytes, 0, bytes.length);
    }

    private static String text(@Nullable ItemView item) {
        if (item == null) {
            return "absent";
        }
        byte[] bytes = new byte[item.valueLength()];
        item.copyTo(bytes, 0);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void swap(Mutation[] mutations, @Nullable ItemView[] items) {
        put(mutations[0], text(items[1]));
        put(mutations[1], text(items[0]));
    }

    @Test
    void update_sees_whatIsThere_andDoesWhatTheFunctionSays() {
        fixture.put(1, "a");
        fixture.put(2, "b");
        List<String> seen = new ArrayList<>();
        WriteStatus status =
                update(
                        (mutations, items) -> {
                            for (ItemView item : items) {
                                seen.add(text(item));
                            }
                            mutations[0].change = Change.REMOVE;
                            put(mutations[2], "c");
                            mutations[3].change = Change.REMOVE;
                        },
                        1,
                        2,
                        3,
                        4);
        assertThat(status).isEqualTo(WriteStatus.DONE);
        assertThat(seen).containsExactly("a", "b", "absent", "absent");
        assertThat(fixture.get(1).isHit()).isFalse();
        assertThat(fixture.get(2).value()).isEqualTo("b");
        assertThat(fixture.get(3).value()).isEqualTo("c");
        StoreAudit.check(fixture);
    }

    @Test
    void update_ofWhichOneConditionFails_callsNoFunction() {
        fixture.put(KEY, "a");
        Mutation[] mutations = mutations(KEY, OTHER);
        mutations[1].presence = Presence.PRESENT;
        WriteStatus status =
                fixture.store.update(
                        mutations,
                        fixture.now,
                        (any, items) -> {
                            throw new AssertionError("called");
                        });
        assertThat(status).isEqualTo(WriteStatus.MISSING);
    }

    @Test
    void update_whoseFunctionThrows_changesNothing_andUnlocks() {
        fixture.put(KEY, "a");
        assertThatThrownBy(
                        () ->
                                update(
                                        (mutations, items) -> {
                                            put(mutations[0], "b");
                                            throw new IllegalArgumentException("no");
                                        },
                                        KEY,
                                        OTHER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.get(KEY).value()).isEqualTo("a");
        assertThat(fixture.put(KEY, "c")).isEqualTo(WriteStatus.DONE);
        StoreAudit.check(fixture);
    }

    @Test
    void update_whoseFunctionWritesToTheSameShard_isRefusedInsteadOfHanging() {
        assertThatThrownBy(() -> update((mutations, items) -> fixture.put(KEY, "b"), KEY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no call of the store from within");
        StoreAudit.check(fixture);
    }

    @Test
    void update_ofWhichOneIsTooLarge_storesNone() {
        WriteStatus status =
                update(
                        (mutations, items) -> {
                            put(mutations[0], "a");
                            put(mutations[1], "b".repeat(2000));
                        },
                        KEY,
                        OTHER);
        assertThat(status).isEqualTo(WriteStatus.TOO_LARGE);
        assertThat(fixture.get(KEY).isHit()).isFalse();
        StoreAudit.check(fixture);
    }

    @Test
    void update_withoutRoomForAll_storesNone_andCallsTheFunctionAgainAfterHelp() {
        int number = 1000;
        while (fixture.put(number, "f".repeat(400)) == WriteStatus.DONE) {
            number++;
        }
        int[] calls = {0};
        int[] reclaimed = {0};
        EntryFunction function =
                (mutations, items) -> {
                    calls[0]++;
                    for (Mutation mutation : mutations) {
                        put(mutation, "v".repeat(400));
                    }
                };
        assertThat(update(function, 1, 2, 3, 4, 5, 6)).isEqualTo(WriteStatus.BUSY);
        assertThat(fixture.get(1).isHit()).isFalse();
        StoreAudit.check(fixture);
        fixture.reclaimer =
                new SpaceReclaimer() {
                    @Override
                    public void request(int shard) {}

                    @Override
                    public boolean help(int shard) {
                        assertThat(fixture.shards).noneMatch(any -> any.lock.isLocked());
                        for (int any = 0; any < 4; any++) {
                            while (fixture.reclaim(any, StoreFixture.NONE_SURVIVES)) {
                                reclaimed[0]++;
                            }
                        }
                        return true;
                    }
                };
        assertThat(update(function, 1, 2, 3, 4, 5, 6)).isEqualTo(WriteStatus.DONE);
        assertThat(reclaimed[0]).isPositive();
        assertThat(calls[0]).isEqualTo(3);
        assertThat(fixture.get(6).isHit()).isTrue();
        StoreAudit.check(fixture);
    }

    @Test
    void update_ofNoKey_ofTooMany_orOfOneTwice_isRefused() {
        EntryFunction nothing = (mutations, items) -> {};
        assertThatThrownBy(() -> update(nothing)).hasMessage("keys: 0 (expected: 1..256)");
        assertThatThrownBy(() -> update(nothing, new int[257]))
                .hasMessage("keys: 257 (expected: 1..256)");
        assertThatThrownBy(() -> update(nothing, KEY, OTHER, KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keys: one is there twice (expected: once)");
    }

    @Test
    void write_thatMayNotWait_timesOutWhileTheLockIsHeld_andLaterSucceeds() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<WriteStatus> holding =
                    thread.submit(
                            () ->
                                    update(
                                            (mutations, items) -> {
                                                inside.countDown();
                                                await(leave);
                                            },
                                            KEY));
            inside.await();
            assertThat(everyWriteInTurn()).containsOnly(WriteStatus.TIMED_OUT);
            leave.countDown();
            assertThat(holding.get()).isEqualTo(WriteStatus.DONE);
            assertThat(everyWriteInTurn()).containsOnly(WriteStatus.DONE);
        } finally {
            leave.countDown();
            thread.shutdownNow();
        }
        StoreAudit.check(fixture);
    }

    private List<WriteStatus> everyWriteInTurn() {
        Mutation mutation = mutations(KEY)[0];
        mutation.lockNanosMax = 1_000;
        byte[] one = {'1'};
        mutation.value.wrap(one, 0, 1);
        long now = fixture.now;
        List<WriteStatus> statuses = new ArrayList<>();
        statuses.add(fixture.store.put(mutation, now));
        statuses.add(fixture.store.touch(mutation, now, null));
        statuses.add(fixture.store.increment(mutation, now));
        statuses.add(fixture.store.append(mutation, true, now));
        Mutation[] both = mutations(OTHER, KEY);
        both[0].lockNanosMax = 1_000;
        statuses.add(fixture.store.update(both, now, (mutations, items) -> {}));
        statuses.add(fixture.store.delete(mutation, now));
        return statuses;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Four values wander among eight keys; two at a time, or all, in every order. */
    @Test
    void updates_ofManyThreadsInAllOrders_endAndLoseNothing() throws Exception {
        int[] numbers = {1, 2, 3, 4, 5, 6, 7, 8};
        for (int number : numbers) {
            fixture.put(number, "v" + number);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                Random random = new Random(seed);
                running.add(threads.submit(() -> wander(random, numbers)));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        List<String> values = new ArrayList<>();
        for (int number : numbers) {
            values.add(fixture.get(number).value());
        }
        assertThat(values)
                .containsExactlyInAnyOrder("v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8");
    }

    private @Nullable Void wander(Random random, int[] numbers) {
        for (int round = 0; round < 2_000; round++) {
            int left = random.nextInt(numbers.length);
            int right = (left + 1 + random.nextInt(numbers.length - 1)) % numbers.length;
            WriteStatus status =
                    random.nextInt(4) > 0
                            ? update(EntryUpdateTest::swap, numbers[left], numbers[right])
                            : update(EntryUpdateTest::turn, shuffled(numbers, random));
            assertThat(status).isIn(WriteStatus.DONE, WriteStatus.BUSY);
        }
        return null;
    }

    private static void turn(Mutation[] mutations, @Nullable ItemView[] items) {
        for (int i = 0; i < mutations.length; i++) {
            put(mutations[i], text(items[(i + 1) % items.length]));
        }
    }

    private static int[] shuffled(int[] numbers, Random random) {
        int[] shuffled = numbers.clone();
        for (int i = shuffled.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int number = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = number;
        }
        return shuffled;
    }
}
