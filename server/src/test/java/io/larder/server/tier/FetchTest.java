package io.larder.server.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.OverflowTwin;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.tier.OverflowTier.Fetched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
    @TempDir private Path directory;

    private SteppedTier stepped;
    private Key key;

    @BeforeEach
    void overflowOne() throws IOException {
        stepped = new SteppedTier(directory.resolve("tier"), OverflowTwin.NONE);
        key = stepped.key("key");
        Mutation mutation = new Mutation();
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, "key".getBytes(UTF_8));
        mutation.value.wrap("value".getBytes(UTF_8), 0, 5);
        stepped.store.put(mutation, stepped.nowMillis);
        stepped.evictAll();
    }

    @AfterEach
    void close() {
        stepped.close();
    }

    private boolean isInMemory() {
        return stepped.store.get(stepped.key("key"), stepped.nowMillis, item -> {})
                == ReadStatus.HIT;
    }

    private ReadStatus read(Fetched fetched) {
        return stepped.tier.read(key, fetched, stepped.nowMillis, item -> {});
    }

    @Test
    void notYetWritten_isFoundAllTheSame() {
        assertThat(isInMemory()).isFalse();
        assertThat(read(stepped.fetch(key, false))).isEqualTo(ReadStatus.HIT);
    }

    @Test
    void secondRead_bringsItBackIntoMemory() {
        stepped.writeAll();

        assertThat(read(stepped.fetch(key, false))).isEqualTo(ReadStatus.HIT);
        assertThat(isInMemory()).isFalse();
        assertThat(read(stepped.fetch(key, false))).isEqualTo(ReadStatus.HIT);
        assertThat(isInMemory()).isTrue();
    }

    @Test
    void manyWaiters_shareOneRead() {
        stepped.writeAll();
        List<Fetched> told = new ArrayList<>();
        long stamp = stepped.tier.stamp(key);

        for (int waiter = 0; waiter < 5; waiter++) {
            assertThat(stepped.tier.fetch(key, stamp, false, told::add)).isTrue();
        }
        assertThat(stepped.reads).hasSize(1);
        stepped.readAll();

        assertThat(told).hasSize(5).allSatisfy(each -> assertThat(each.item()).isNotNull());
        assertThat(isInMemory()).describedAs("several wanted it").isTrue();
    }

    @Test
    void waitersBeyondTheBound_areRefused() {
        long stamp = stepped.tier.stamp(key);
        for (int waiter = 0; waiter < DiskReads.WAITERS_MAX; waiter++) {
            stepped.tier.fetch(key, stamp, false, value -> {});
        }

        assertThat(stepped.tier.fetch(key, stamp, false, value -> {})).isFalse();
        stepped.readAll();
        assertThat(stepped.tier.fetch(key, stamp, false, value -> {})).isTrue();
    }

    @Test
    void expiredOnDisk_isForgottenWhenItIsRead() {
        Mutation mutation = new Mutation();
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, "brief".getBytes(UTF_8));
        mutation.expiryMillis = stepped.nowMillis + 10;
        stepped.store.put(mutation, stepped.nowMillis);
        stepped.evictAll();
        Key brief = stepped.key("brief");
        Fetched fetched = stepped.fetch(brief, false);
        stepped.advance(10);

        assertThat(stepped.tier.read(brief, fetched, stepped.nowMillis, item -> {}))
                .isEqualTo(ReadStatus.MISS);
        assertThat(stepped.tier.stamp(brief)).isEqualTo(ShardOverflow.NONE);
    }
}
