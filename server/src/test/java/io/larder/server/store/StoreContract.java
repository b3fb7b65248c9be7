package io.larder.server.store;

import static io.larder.server.store.WriteStatus.CHANGED;
import static io.larder.server.store.WriteStatus.DONE;
import static io.larder.server.store.WriteStatus.EXISTS;
import static io.larder.server.store.WriteStatus.MISSING;
import static io.larder.server.store.WriteStatus.NOT_A_NUMBER;
import static io.larder.server.store.WriteStatus.NOT_NEWER;
import static io.larder.server.store.WriteStatus.NUMBER_OVERFLOW;
import static io.larder.server.store.WriteStatus.VERSION_MISMATCH;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.Slice;
import io.larder.server.store.Mutation.Change;
import io.larder.server.store.Mutation.Presence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine means by every operation; a subclass brings the engine. */
public abstract class StoreContract {
    /** The space of the region that the engine keeps. */
    protected static final int SPACE = 2;

    /** The time all operations are told until a test moves it. */
    protected long now = 1_000_000_000L;

    /** The engine. */
    protected Store store;

    /** Opens an empty engine, with {@link #SPACE} as its region's. */
    protected abstract Store open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- in few words

    /** What a read found. */
    protected record Found(
            String value,
            long version,
            long expiryMillis,
            long softExpiryMillis,
            int clientFlags,
            long callerVersion,
            int format,
            boolean negative) {}

    private static final class Copy implements ValueSink {
        private @Nullable Found found;

        @Override
        public void accept(ItemView item) {
            byte[] value = new byte[item.valueLength()];
            item.copyTo(value, 0);
            found =
                    new Found(
                            new String(value, ISO_8859_1),
                            item.version(),
                            item.expiryMillis(),
                            item.softExpiryMillis(),
                            item.clientFlags(),
                            item.callerVersion(),
                            item.format(),
                            item.negative());
        }
    }

    /** A key's carrier. */
    protected Key key(String key) {
        return new Key().wrap(store.hasher(), SPACE, key.getBytes(ISO_8859_1));
    }

    /** A write's carrier. */
    protected Mutation mutation(String key, String value) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, key.getBytes(ISO_8859_1));
        byte[] bytes = value.getBytes(ISO_8859_1);
        mutation.value.wrap(bytes, 0, bytes.length);
        return mutation;
    }

    /** What a key holds; null if nothing. */
    protected @Nullable Found find(String key) {
        Copy copy = new Copy();
        return store.get(key(key), now, copy) == ReadStatus.HIT ? copy.found : null;
    }

    /** Its value; null if none. */
    protected @Nullable String get(String key) {
        Found found = find(key);
        return found == null ? null : found.value();
    }

    /** Stores a value, where it can be. */
    protected long put(String key, String value) {
        return put(key, value, mutation -> {});
    }

    private long put(String key, String value, Consumer<Mutation> settings) {
        Mutation mutation = mutation(key, value);
        settings.accept(mutation);
        assertThat(store.put(mutation, now)).isEqualTo(DONE);
        return mutation.version;
    }

    private WriteStatus putIf(String key, String value, Consumer<Mutation> conditions) {
        Mutation mutation = mutation(key, value);
        conditions.accept(mutation);
        return store.put(mutation, now);
    }

    /** Deletes a key. */
    protected WriteStatus delete(String key) {
        return store.delete(mutation(key, ""), now);
    }

    private long tag(String tag) {
        return store.hasher().tag(SPACE, Slice.of(tag.getBytes(ISO_8859_1)));
    }

    // ---- values

    @Test
    void get_ofAbsentKey_isMiss() {
        assertThat(get("a")).isNull();
    }

    @Test
    void put_isReadWithAllItSays() {
        long version =
                put(
                        "a",
                        "value",
                        mutation -> {
                            mutation.expiryMillis = now + 5_000;
                            mutation.softExpiryMillis = now + 3_000;
                            mutation.clientFlags = 0xCAFE_BABE;
                            mutation.callerVersion = 77;
                            mutation.format = 0x21;
                            mutation.addTag(tag("red"));
                        });

        assertThat(find("a"))
                .isEqualTo(
                        new Found(
                                "value",
                                version,
                                now + 5_000,
                                now + 3_000,
                                0xCAFE_BABE,
                                77,
                                0x21,
                                false));
    }

    @Test
    void put_overwrites_withAHigherVersion() {
        long first = put("a", "1");
        long second = put("a", "another length");

        assertThat(second).isGreaterThan(first);
        assertThat(get("a")).isEqualTo("another length");
    }

    @Test
    void values_ofAllLengths_areWhole() {
        for (int length = 0; length <= 70_000; length = length * 3 + 1) {
            put("k" + length, "x".repeat(length));
            assertThat(get("k" + length)).hasSize(length);
        }
    }

    @Test
    void negative_isShownAsSuch_andCountsAsAbsentForConditions() {
        put("a", "", mutation -> mutation.negative = true);

        assertThat(find("a").negative()).isTrue();
        assertThat(putIf("a", "x", mutation -> mutation.presence = Presence.PRESENT))
                .isEqualTo(MISSING);
        assertThat(putIf("a", "x", mutation -> mutation.presence = Presence.ABSENT))
                .isEqualTo(DONE);
    }

    // ---- conditions

    @Test
    void presence_isJudged() {
        assertThat(putIf("a", "1", mutation -> mutation.presence = Presence.PRESENT))
                .isEqualTo(MISSING);
        assertThat(putIf("a", "1", mutation -> mutation.presence = Presence.ABSENT))
                .isEqualTo(DONE);
        assertThat(putIf("a", "2", mutation -> mutation.presence = Presence.ABSENT))
                .isEqualTo(EXISTS);
        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void version_isCompared() {
        long version = put("a", "1");
        Mutation wrong = mutation("a", "2");
        wrong.ifVersion = true;
        wrong.expectedVersion = version - 1;

        assertThat(store.put(wrong, now)).isEqualTo(VERSION_MISMATCH);
        assertThat(wrong.version).isEqualTo(version);
        wrong.expectedVersion = version;
        assertThat(store.put(wrong, now)).isEqualTo(DONE);
        assertThat(get("a")).isEqualTo("2");
    }

    @Test
    void version_ofAbsentKey_isZero() {
        assertThat(putIf("a", "1", mutation -> mutation.ifVersion = true)).isEqualTo(DONE);
        assertThat(putIf("a", "1", mutation -> mutation.ifVersion = true))
                .isEqualTo(VERSION_MISMATCH);
    }

    @Test
    void callersVersion_mustBeNewer() {
        Consumer<Mutation> five =
                mutation -> {
                    mutation.ifNewer = true;
                    mutation.callerVersion = 5;
                };
        put("a", "5", five);

        Mutation again = mutation("a", "again");
        five.accept(again);
        assertThat(store.put(again, now)).isEqualTo(NOT_NEWER);
        assertThat(again.storedCallerVersion).isEqualTo(5);
        again.callerVersion = -1; // unsigned
        assertThat(store.put(again, now)).isEqualTo(DONE);
    }

    // ---- deleting

    @Test
    void delete_removes_andIsMissingThen() {
        put("a", "1");

        assertThat(delete("a")).isEqualTo(DONE);
        assertThat(get("a")).isNull();
        assertThat(delete("a")).isEqualTo(MISSING);
    }

    @Test
    void versions_riseAcrossDeletes() {
        long first = put("a", "1");
        delete("a");

        assertThat(put("a", "2")).isGreaterThan(first);
    }

    // ---- time

    @Test
    void expiry_isJudgedByTheTimeTold() {
        put("a", "1", mutation -> mutation.expiryMillis = now + 100);

        now += 99;
        assertThat(get("a")).isEqualTo("1");
        now += 1;
        assertThat(get("a")).isNull();
        assertThat(putIf("a", "2", mutation -> mutation.presence = Presence.PRESENT))
                .isEqualTo(MISSING);
        assertThat(putIf("a", "2", mutation -> mutation.presence = Presence.ABSENT))
                .isEqualTo(DONE);
    }

    @Test
    void touch_movesTheExpiry_keepsTheVersion_andShowsTheItem() {
        long version = put("a", "1", mutation -> mutation.expiryMillis = now + 100);
        Mutation touch = mutation("a", "");
        touch.expiryMillis = now + 1_000;
        Copy copy = new Copy();

        assertThat(store.touch(touch, now, copy)).isEqualTo(DONE);
        assertThat(copy.found.value()).isEqualTo("1");
        assertThat(copy.found.expiryMillis()).isEqualTo(now + 1_000);
        assertThat(touch.version).isEqualTo(version);
        now += 500;
        assertThat(find("a").version()).isEqualTo(version);
        assertThat(store.touch(mutation("b", ""), now, null)).isEqualTo(MISSING);
    }

    // ---- numbers and appending

    @Test
    void increment_addsToANumber() {
        put("n", "40", mutation -> mutation.expiryMillis = now + 100);
        Mutation add = mutation("n", "");
        add.delta = 2;
        add.keepExpiry = true;

        assertThat(store.increment(add, now)).isEqualTo(DONE);
        assertThat(add.number).isEqualTo(42);
        assertThat(get("n")).isEqualTo("42");
        assertThat(find("n").expiryMillis()).isEqualTo(now + 100);
    }

    @Test
    void increment_ofAbsentKey_isMissingOrBegins() {
        Mutation add = mutation("n", "");
        add.delta = -3;
        assertThat(store.increment(add, now)).isEqualTo(MISSING);
        add.createIfAbsent = true;
        add.initial = 10;
        assertThat(store.increment(add, now)).isEqualTo(DONE);
        assertThat(get("n")).isEqualTo("7");
    }

    @Test
    void increment_refusesWhatIsNoNumber_andOverflow() {
        put("t", "text");
        put("m", "" + Long.MAX_VALUE);
        Mutation text = mutation("t", "");
        text.delta = 1;
        Mutation most = mutation("m", "");
        most.delta = 1;

        assertThat(store.increment(text, now)).isEqualTo(NOT_A_NUMBER);
        assertThat(store.increment(most, now)).isEqualTo(NUMBER_OVERFLOW);
        assertThat(most.number).isEqualTo(Long.MAX_VALUE);
        assertThat(get("m")).isEqualTo("" + Long.MAX_VALUE);
    }

    @Test
    void append_andPrepend_keepWhatTheItemSays() {
        put(
                "a",
                "bc",
                mutation -> {
                    mutation.clientFlags = 9;
                    mutation.expiryMillis = now + 100;
                });

        assertThat(store.append(mutation("a", "d"), true, now)).isEqualTo(DONE);
        assertThat(store.append(mutation("a", "a"), false, now)).isEqualTo(DONE);
        assertThat(get("a")).isEqualTo("abcd");
        assertThat(find("a").clientFlags()).isEqualTo(9);
        assertThat(find("a").expiryMillis()).isEqualTo(now + 100);
        assertThat(store.append(mutation("b", "x"), true, now)).isEqualTo(MISSING);
    }

    // ---- fills

    @Test
    void fill_isStored_ifNothingChangedTheKey() {
        long fill = store.beginFill(key("a"), Mutation.VERSION_ABSENT, now);

        assertThat(putIf("a", "loaded", mutation -> mutation.fill = fill)).isEqualTo(DONE);
        assertThat(putIf("a", "again", mutation -> mutation.fill = fill)).isEqualTo(CHANGED);
        assertThat(get("a")).isEqualTo("loaded");
    }

    @Test
    void fill_isRefused_afterWriteDeleteAndInvalidation() {
        List<Runnable> changes =
                List.of(
                        () -> put("a", "newer"),
                        () -> delete("a"),
                        () ->
                                store.invalidatePrefix(
                                        SPACE, Slice.of("a".getBytes(ISO_8859_1)), now),
                        () -> store.invalidateTag(SPACE, tag("red"), now));
        for (Runnable change : changes) {
            delete("a");
            long fill = store.beginFill(key("a"), Mutation.VERSION_ABSENT, now);
            change.run();

            WriteStatus status =
                    putIf(
                            "a",
                            "stale",
                            mutation -> {
                                mutation.fill = fill;
                                mutation.addTag(tag("red"));
                            });
            assertThat(status).isEqualTo(CHANGED);
        }
    }

    @Test
    void fill_needsTheVersionThatWasRead_andCanBeEnded() {
        long version = put("a", "1");

        assertThat(store.beginFill(key("a"), version - 1, now)).isEqualTo(Mutation.NO_FILL);
        long fill = store.beginFill(key("a"), version, now);
        store.endFill(key("a").hash(), fill);
        assertThat(putIf("a", "2", mutation -> mutation.fill = fill)).isEqualTo(CHANGED);
    }

    // ---- invalidation

    @Test
    void invalidateTag_endsWhatCarriesIt() {
        put("red", "1", mutation -> mutation.addTag(tag("red")));
        put("blue", "2", mutation -> mutation.addTag(tag("blue")));
        put("plain", "3");

        assertThat(store.invalidateTag(SPACE, tag("red"), now)).isEqualTo(DONE);

        assertThat(get("red")).isNull();
        assertThat(get("blue")).isEqualTo("2");
        assertThat(get("plain")).isEqualTo("3");
        put("red", "4", mutation -> mutation.addTag(tag("red")));
        assertThat(get("red")).isEqualTo("4");
    }

    @Test
    void tags_outliveAppendAndIncrement() {
        put("a", "1", mutation -> mutation.addTag(tag("red")));
        put("n", "1", mutation -> mutation.addTag(tag("red")));
        store.append(mutation("a", "2"), true, now);
        store.increment(mutation("n", ""), now);

        store.invalidateTag(SPACE, tag("red"), now);

        assertThat(get("a")).isNull();
        assertThat(get("n")).isNull();
    }

    @Test
    void invalidatePrefix_endsWhatBeginsWithIt() {
        put("user:1", "1");
        put("user:2", "2");
        put("use", "3");

        assertThat(store.invalidatePrefix(SPACE, Slice.of("user:".getBytes(ISO_8859_1)), now))
                .isEqualTo(DONE);

        assertThat(get("user:1")).isNull();
        assertThat(get("user:2")).isNull();
        assertThat(get("use")).isEqualTo("3");
        put("user:1", "4");
        assertThat(get("user:1")).isEqualTo("4");
    }

    // ---- scanning

    @Test
    void scan_returnsEachItemOnce_inSteps() {
        Set<String> written = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            put("key " + i, "v" + i);
            written.add("key " + i);
        }
        put("gone", "x", mutation -> mutation.expiryMillis = now - 1);

        assertThat(scan("", 7)).containsExactlyInAnyOrderElementsOf(written);
        assertThat(scan("key 49", 7)).hasSize(11).allMatch(key -> key.startsWith("key 49"));
    }

    private List<String> scan(String prefix, int perStep) {
        List<String> keys = new ArrayList<>();
        Scan scan = new Scan();
        scan.space = SPACE;
        scan.withValues = true;
        scan.prefix.wrap(prefix.getBytes(ISO_8859_1), 0, prefix.length());
        do {
            int[] left = {perStep};
            store.scan(
                    scan,
                    now,
                    item -> {
                        String key = new String(item.key().toByteArray(), ISO_8859_1);
                        keys.add(key);
                        assertThat(new String(item.value().toByteArray(), ISO_8859_1))
                                .isEqualTo(key.replace("key ", "v"));
                        return --left[0] > 0;
                    });
        } while (scan.cursor != Scan.END);
        return keys;
    }

    @Test
    void scan_fromAKey_beginsWithIt() {
        for (int i = 0; i < 50; i++) {
            put("key " + i, "v" + i);
        }
        Scan scan = new Scan();
        scan.space = SPACE;
        scan.cursor = store.cursorOf(key("key 17"));
        List<String> first = new ArrayList<>();
        store.scan(
                scan,
                now,
                item -> first.add(new String(item.key().toByteArray(), ISO_8859_1)) && false);

        assertThat(first).contains("key 17");
    }

    @Test
    void scan_withACursorOfNowhere_isRefused() {
        Scan scan = new Scan();
        scan.space = SPACE;
        scan.cursor = -1;

        assertThatThrownBy(() -> store.scan(scan, now, item -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor");
    }

    // ---- several keys at once

    @Test
    void update_seesAndChangesAll() {
        put("a", "1");
        put("c", "3");
        Mutation[] mutations = {mutation("a", "2"), mutation("b", "new"), mutation("c", "")};

        WriteStatus status =
                store.update(
                        mutations,
                        now,
                        (given, items) -> {
                            assertThat(items[0].valueLength()).isEqualTo(1);
                            assertThat(items[1]).isNull();
                            given[0].change = Change.PUT;
                            given[1].change = Change.PUT;
                            given[2].change = Change.REMOVE;
                        });

        assertThat(status).isEqualTo(DONE);
        assertThat(get("a")).isEqualTo("2");
        assertThat(get("b")).isEqualTo("new");
        assertThat(get("c")).isNull();
    }

    @Test
    void update_ofWhichOneConditionFails_changesNothing() {
        put("a", "1");
        Mutation absent = mutation("a", "2");
        absent.presence = Presence.ABSENT;

        assertThat(
                        store.update(
                                new Mutation[] {absent, mutation("b", "2")},
                                now,
                                (given, items) -> given[1].change = Change.PUT))
                .isEqualTo(EXISTS);
        assertThat(get("b")).isNull();
    }

    @Test
    void update_ofNoKeyOrOneTwice_isRefused() {
        assertThatThrownBy(() -> store.update(new Mutation[0], now, (given, items) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        Mutation[] twice = {mutation("a", ""), mutation("a", "")};
        assertThatThrownBy(() -> store.update(twice, now, (given, items) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
