package io.larder.server.tier.chronicle;

import static io.larder.server.store.WriteStatus.DONE;
import static io.larder.server.store.WriteStatus.OUT_OF_CAPACITY;
import static io.larder.server.store.WriteStatus.TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.protocol.file.RegionState;
import io.larder.server.memory.Slice;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.larder.server.store.StoreContract;
import io.larder.server.store.StoreListener;
import io.larder.server.store.WriteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Chronicle Map means what every store means, and keeps it. */
class ChronicleStoreContractTest extends StoreContract {
    private static final int ENTRIES = 2_000;
    private static final int NEXT_SPACE = SPACE + 1;

    @TempDir Path directory;

    private long seed = 1;

    private ChronicleSettings settings() {
        return new ChronicleSettings("vault", directory.resolve("vault.map"), ENTRIES, 16, 64);
    }

    @Override
    protected Store open() throws IOException {
        ChronicleStore opened =
                ChronicleStore.open(settings(), new KeyHasher(seed, 0xcafe), StoreListener.NONE);
        opened.define(SPACE);
        return opened;
    }

    private ChronicleStore chronicle() {
        return (ChronicleStore) store;
    }

    /** Ends the engine and begins it anew, as another server, with another seed. */
    private void reopen() throws IOException {
        store.close();
        seed++;
        store = open();
    }

    private int sweepAll() {
        return chronicle().sweep(chronicle().segments(), now, () -> true);
    }

    @Test
    void items_outliveTheServer() throws IOException {
        long version = put("a", "kept");
        put("b", "deleted");
        delete("b");
        reopen();

        assertThat(get("a")).isEqualTo("kept");
        assertThat(find("a").version()).isEqualTo(version);
        assertThat(get("b")).isNull();
        assertThat(put("a", "later")).isGreaterThan(version);
    }

    @Test
    void clear_isConstant_andOutlivesTheServer() throws IOException {
        put("a", "1");
        chronicle().define(NEXT_SPACE);

        assertThat(get("a")).as("under the space left behind").isNull();
        put("late", "a write that had read the space before");
        reopen();
        assertThat(get("a")).isNull();
        assertThat(get("late")).isNull();
        assertThat(sweepAll()).isEqualTo(1);
    }

    @Test
    void invalidations_outliveTheServer_untilTheSweepHasBeenEverywhere() throws IOException {
        put("a:1", "1");
        put("b:1", "2");
        store.invalidatePrefix(SPACE, Slice.of(new byte[] {'a', ':'}), now);
        reopen();

        assertThat(get("a:1")).isNull();
        assertThat(get("b:1")).isEqualTo("2");
        assertThat(sweepAll()).isEqualTo(1);
        assertThat(sweepAll()).isZero();
    }

    @Test
    void tags_ofBeforeTheStart_endWithTheFirstTagInvalidated() throws IOException {
        Mutation tagged = mutation("tagged", "1");
        tagged.addTag(4711);
        store.put(tagged, now);
        put("plain", "2");
        reopen();
        assertThat(get("tagged")).isEqualTo("1");

        store.invalidateTag(SPACE, 99, now);

        assertThat(get("tagged")).isNull();
        assertThat(get("plain")).isEqualTo("2");
    }

    @Test
    void invalidations_areBounded_andTheSweepMakesRoom() {
        for (int i = 0; i < RegionState.FLOORS_MAX; i++) {
            assertThat(store.invalidateTag(SPACE, 1000 + i, now)).isEqualTo(DONE);
        }
        assertThat(store.invalidateTag(SPACE, 1, now)).isEqualTo(WriteStatus.BUSY);
        assertThat(store.invalidateTag(SPACE, 1000, now)).as("again").isEqualTo(DONE);

        sweepAll();
        assertThat(store.invalidateTag(SPACE, 1, now)).isEqualTo(DONE);
    }

    @Test
    void beyondItsEntries_newKeysAreRefused_andOldOnesAreNot() {
        fill();

        assertThat(store.put(mutation("one more", ""), now)).isEqualTo(OUT_OF_CAPACITY);
        assertThat(store.capacityOf(SPACE)).contains("2000").contains("region.vault.entries");
        put("key 7", "overwritten");
        delete("key 8");
        put("one more", "");
        for (int i = 9; i < ENTRIES; i++) {
            assertThat(get("key " + i)).isEqualTo("v");
        }
    }

    private void fill() {
        for (int i = 0; i < ENTRIES; i++) {
            put("key " + i, "v");
        }
    }

    @Test
    void whereItIsFullOfTheDead_aWriterMakesRoom() {
        for (int i = 0; i < ENTRIES; i++) {
            Mutation shortLived = mutation("key " + i, "v");
            shortLived.expiryMillis = now + 10;
            assertThat(store.put(shortLived, now)).isEqualTo(DONE);
        }
        now += 10;

        put("one more", "1");
        assertThat(get("one more")).isEqualTo("1");
    }

    @Test
    void sweep_removesExpired() {
        fill();
        Mutation touch = mutation("key 3", "");
        touch.expiryMillis = now + 10;
        store.touch(touch, now, null);

        assertThat(sweepAll()).isZero();
        now += 10;
        assertThat(sweepAll()).isEqualTo(1);
        assertThat(store.stats().items()).isEqualTo(ENTRIES - 1);
    }

    @Test
    void longestValue_isStored_andALongerOneRefused() {
        int longest = store.valueBytesMax();
        put("long", "x".repeat(longest));

        assertThat(get("long")).hasSize(longest);
        assertThat(store.put(mutation("k", "x".repeat(longest + 1)), now)).isEqualTo(TOO_LARGE);
    }

    @Test
    void secondServer_onTheFile_isRefused() {
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vault.map.state")
                .hasMessageContaining("in use by another server");
    }

    @Test
    void otherNumberOfEntries_isRefused() throws IOException {
        store.close();
        ChronicleSettings other =
                new ChronicleSettings("vault", settings().file(), ENTRIES + 1, 16, 64);

        assertThatThrownBy(
                        () -> ChronicleStore.open(other, new KeyHasher(1, 2), StoreListener.NONE))
                .hasMessageContaining("made for 2000 entries")
                .hasMessageContaining("region.vault.entries is 2001");
        store = open();
    }

    @Test
    void map_withoutItsState_isRefused() throws IOException {
        store.close();
        Path state = directory.resolve("vault.map.state");
        Path away = directory.resolve("away");
        Files.move(state, away);

        assertThatThrownBy(this::open).hasMessageContaining("state beside it is missing");
        Files.move(away, state, StandardCopyOption.REPLACE_EXISTING);
        store = open();
    }
}
