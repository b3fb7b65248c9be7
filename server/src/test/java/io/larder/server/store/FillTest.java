package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static io.larder.server.store.WriteStatus.CHANGED;
import static io.larder.server.store.WriteStatus.DONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a fill that was begun on a miss, or on an old value, is stored over, and what not. */
class FillTest {
    private static final int KEY = 0x0101;
    private static final int NEIGHBOUR = 0x0201;

    private final StoreFixture store = StoreFixture.onHeap(StoreFixture.config(64, 1024, 1));

    private long begin() {
        return begin(Mutation.VERSION_ABSENT);
    }

    private long begin(long version) {
        return store.store.beginFill(store.key(KEY), version, store.now);
    }

    private WriteStatus fill(long fill, String value, String... tags) {
        Mutation mutation = store.mutationOf(KEY, value);
        for (String tag : tags) {
            mutation.addTag(store.tag(tag));
        }
        mutation.fill = fill;
        return store.store.put(mutation, store.now);
    }

    @Test
    void fill_ofWhatNobodyChanged_isStored() {
        long fill = begin();
        store.put(NEIGHBOUR, "b");

        assertThat(fill(fill, "a")).isEqualTo(DONE);
        assertThat(store.get(KEY).value()).isEqualTo("a");
    }

    @Test
    void beginFill_ofAPresentKey_isRefused_unlessItsVersionIsKnown() {
        store.put(KEY, "old");
        long version = store.mutation.version;

        assertThat(begin()).isEqualTo(Mutation.NO_FILL);
        assertThat(begin(version + 1)).isEqualTo(Mutation.NO_FILL);
        assertThat(fill(begin(version), "new")).isEqualTo(DONE);
        assertThat(begin(version)).isEqualTo(Mutation.NO_FILL);
    }

    @Test
    void fill_usedOnce_isOver() {
        long fill = begin();
        fill(fill, "a");

        assertThat(fill(fill, "b")).isEqualTo(CHANGED);
    }

    @Test
    void endFill_refusesIt_andNoOther() {
        long first = begin();
        long second = begin();
        store.store.endFill(store.key(KEY).hash(), first);

        assertThat(fill(first, "a")).isEqualTo(CHANGED);
        assertThat(fill(second, "b")).isEqualTo(DONE);
    }

    /** Everything that is a change of the key. */
    enum Between {
        PUT(store -> store.put(KEY, "x")),
        NEGATIVE(
                store -> {
                    Mutation mutation = store.mutationOf(KEY, "");
                    mutation.negative = true;
                    store.store.put(mutation, store.now);
                }),
        INCREMENT(
                store -> {
                    Mutation mutation = store.mutationOf(KEY, "");
                    mutation.createIfAbsent = true;
                    store.store.increment(mutation, store.now);
                }),
        UPDATE(
                store ->
                        store.store.update(
                                new Mutation[] {store.mutationOf(KEY, "x")},
                                store.now,
                                (mutations, items) -> mutations[0].change = Mutation.Change.PUT)),
        DELETE_OF_NOTHING(store -> store.delete(KEY)),
        REMOVE_OF_NOTHING(
                store ->
                        store.store.update(
                                new Mutation[] {store.mutationOf(KEY, "")},
                                store.now,
                                (mutations, items) ->
                                        mutations[0].change = Mutation.Change.REMOVE)),
        PUT_AND_DELETE(
                store -> {
                    store.put(KEY, "x");
                    store.delete(KEY);
                }),
        PREFIX(store -> store.invalidatePrefix(0, 0, 1)),
        TAG(store -> store.invalidateTag("red"));

        final Consumer<StoreFixture> change;

        Between(Consumer<StoreFixture> change) {
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void changeInBetween_winsOverTheFill(Between between) {
        long fill = begin();
        between.change.accept(store);
        StoreFixture.Outcome changed = store.get(KEY);

        assertThat(fill(fill, "late", "red")).isEqualTo(CHANGED);
        assertThat(store.get(KEY)).isEqualTo(changed);
    }

    /** The change has left nothing behind that a version could be compared with. */
    @ParameterizedTest
    @EnumSource
    void changeInBetween_winsWhenNothingIsLeftOfIt(Between between) {
        long fill = begin();
        between.change.accept(store);
        store.now += 20_000;
        store.sweep();
        while (store.reclaim(0, NONE_SURVIVES)) {
            // until nothing is left
        }
        assertThat(store.shards.get(0).index.find(store.key(KEY))).isEqualTo(HashIndex.NO_SLOT);

        assertThat(fill(fill, "late", "red")).isEqualTo(CHANGED);
        assertThat(store.get(KEY).isHit()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void changeBefore_doesNotMatter(Between between) {
        between.change.accept(store);
        store.delete(KEY);
        store.sweep();
        long fill = begin();

        assertThat(fill(fill, "a", "red")).isEqualTo(DONE);
    }

    @Test
    void expiryAndEvictionInBetween_areNoChange() {
        store.put(KEY, "old", store.now + 10);
        long fill = begin(store.mutation.version);
        store.now += 10;
        while (store.reclaim(0, NONE_SURVIVES)) {
            // until nothing is left
        }

        assertThat(fill(fill, "new")).isEqualTo(DONE);
    }

    @Test
    void relocationInBetween_isNoChange() {
        store.put(KEY, "old");
        long fill = begin(store.mutation.version);
        store.reclaim(0, ALL_SURVIVE);

        assertThat(fill(fill, "new")).isEqualTo(DONE);
    }

    @Test
    void touchInBetween_isNoChange() {
        store.put(KEY, "old");
        long fill = begin(store.mutation.version);
        store.touch(KEY, 5_000);

        assertThat(fill(fill, "new")).isEqualTo(DONE);
    }

    /** The fill has no tag: what counts is that the value it comes for had one. */
    @Test
    void tagOfTheOldValue_endsTheFill_alsoOnceItIsSwept() {
        for (boolean isSwept : new boolean[] {false, true}) {
            store.putTagged(KEY, "old", "red");
            long fill = begin(store.mutation.version);
            store.invalidateTag("red");
            if (isSwept) {
                store.sweep();
            }

            assertThat(fill(fill, "new")).isEqualTo(CHANGED);
        }
    }

    @Test
    void tagInvalidatedBefore_doesNotEndAFill_alsoOnceTheOldValueIsSwept() {
        store.putTagged(KEY, "old", "red");
        store.invalidateTag("red");
        long fill = begin();
        store.sweep();

        assertThat(fill(fill, "new", "red")).isEqualTo(DONE);
    }

    @Test
    void otherPrefixAndTag_areNoChange() {
        long fill = begin();
        store.invalidatePrefix(0, 0, 2);
        store.invalidateTag("green");

        assertThat(fill(fill, "new", "red")).isEqualTo(DONE);
    }

    @Test
    void largeFill_isJudgedWhenItIsPublished() {
        StoreFixture large = StoreFixture.onHeap(StoreFixture.config(64, 4096, 1));
        for (boolean isChanged : new boolean[] {true, false}) {
            large.delete(KEY);
            long fill = large.store.beginFill(large.key(KEY), Mutation.VERSION_ABSENT, large.now);
            Mutation mutation = large.mutationOf(KEY, "v".repeat(9_000));
            mutation.fill = fill;
            try (ValueUpload upload = large.store.upload(mutation.key, 9_000)) {
                upload.write(mutation.value);
                if (isChanged) {
                    large.store.delete(other(large), large.now);
                }

                assertThat(large.store.put(mutation, upload, large.now))
                        .isEqualTo(isChanged ? CHANGED : DONE);
            }
        }
    }

    private static Mutation other(StoreFixture large) {
        Mutation delete = new Mutation();
        delete.key.wrap(large.store.hasher(), large.space, StoreFixture.keyBytes(KEY));
        return delete;
    }

    @Test
    void negative_isAnItemOfNoValue_andAbsentToWhoWantsAValue() {
        Mutation mutation = store.mutationOf(KEY, "");
        mutation.negative = true;
        store.store.put(mutation, store.now);
        List<Boolean> seen = new ArrayList<>();

        store.store.get(store.key(KEY), store.now, item -> seen.add(item.negative()));

        assertThat(seen).containsExactly(true);
        assertThat(store.append(KEY, "x")).isEqualTo(WriteStatus.MISSING);
        assertThat(store.increment(KEY, 1)).isEqualTo(WriteStatus.MISSING);
        assertThat(store.putIfVersion(KEY, "x", mutation.version)).isEqualTo(WriteStatus.MISSING);
        mutation = store.mutationOf(KEY, "a");
        mutation.presence = Mutation.Presence.ABSENT;
        assertThat(store.store.put(mutation, store.now)).isEqualTo(DONE);
    }

    @Test
    void delete_ofANegative_isDone() {
        Mutation mutation = store.mutationOf(KEY, "");
        mutation.negative = true;
        store.store.put(mutation, store.now);

        assertThat(store.delete(KEY)).isEqualTo(DONE);
        assertThat(store.get(KEY).isHit()).isFalse();
    }

    @Test
    void softExpiry_staysWithTheItem_whateverHappensToIt() {
        Mutation mutation = store.mutationOf(KEY, "1");
        mutation.softExpiryMillis = 700;
        mutation.callerVersion = 9;
        mutation.addTag(store.tag("red"));
        store.store.put(mutation, store.now);
        assertThat(softExpiry()).isEqualTo(700);

        store.touch(KEY, 9_000);
        store.increment(KEY, 1);
        store.append(KEY, "0");
        store.reclaim(0, ALL_SURVIVE);

        assertThat(softExpiry()).isEqualTo(700);
        assertThat(store.get(KEY).value()).isEqualTo("20");
        store.invalidateTag("red");
        assertThat(store.get(KEY).isHit()).isFalse();
        store.put(KEY, "x");
        assertThat(softExpiry()).isEqualTo(Mutation.NEVER);
    }

    private long softExpiry() {
        List<Long> seen = new ArrayList<>();
        store.store.get(store.key(KEY), store.now, item -> seen.add(item.softExpiryMillis()));
        return seen.get(0);
    }
}
