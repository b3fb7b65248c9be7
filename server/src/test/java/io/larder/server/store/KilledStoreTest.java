package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.KillableMemory;
import io.larder.server.store.ShardedStore.Reclaimed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that is killed before any of its stores is found again as its callers know it; one that
 * is broken is not.
 */
class KilledStoreTest {
    private static final StoreConfig ROOMY = StoreFixture.config(120, 512, 2);
    private static final StoreConfig TIGHT = StoreFixture.config(26, 512, 2);

    /** A segment is reclaimed in more than one hold of the lock. */
    private static final StoreConfig LONG_SEGMENTS = StoreFixture.config(60, 4096, 1);

    private static final int SEEDS = 8;
    private static final int SEEDS_BROKEN = 40;
    private static final int KILLS = 25;

    /** Faults that only the process after the killed one can show. */
    enum Fault {
        /** A rebuild does not mark losers. */
        LOSERS_LEFT(BrokenRebuilds.LosersLeft::new),
        /** COMPLETE is written before the decision. */
        DECIDED_LATE(BrokenRebuilds.DecidedLate::new);

        final Supplier<ShardAssembly> assembly;

        Fault(Supplier<ShardAssembly> assembly) {
            this.assembly = assembly;
        }
    }

    @TempDir private Path directory;

    @Test
    void killed_withRoom_losesNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(ROOMY, new ShardAssembly(), false, true, true, seed);
        }
    }

    @Test
    void killed_underEviction_bringsNothingBack() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(TIGHT, new ShardAssembly(), true, true, true, seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void broken_showsInWhatIsRead(Fault fault) {
        assertThatThrownBy(
                        () -> {
                            for (int seed = 0; seed < SEEDS_BROKEN; seed++) {
                                run(ROOMY, fault.assembly.get(), false, false, false, seed);
                            }
                        })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("key ");
    }

    @Test
    void movedThenInvalidated_staysGone() {
        assertThat(foundOfMovedThenInvalidated(new ShardAssembly())).isZero();
    }

    @Test
    void movedThenInvalidated_comesBackWhereAMoveDoesNotMarkItsSource() {
        assertThat(foundOfMovedThenInvalidated(new BrokenRebuilds.SourceLeft())).isPositive();
    }

    /** The process is killed while a segment is half emptied, after its items were swept. */
    private int foundOfMovedThenInvalidated(ShardAssembly assembly) {
        StoreFixture store = open(assembly, true);
        for (int key = 0; key < 150; key++) {
            store.putTagged(key, "value of " + key, "red");
        }
        store.policies.get(0).survival = StoreFixture.ALL_SURVIVE;
        for (int batch = 0; batch < 2; batch++) {
            assertThat(store.store.reclaim(0, store.liveness)).isEqualTo(Reclaimed.PART);
        }
        store.invalidateTag("red");
        store.sweep();

        StoreFixture next = open(assembly, false);
        next.store.rebuild(Runnable::run, 0, next.liveness, new RebuildProgress());
        return next.scan().size();
    }

    private StoreFixture open(ShardAssembly assembly, boolean isFresh) {
        StoreMemory memory =
                StoreMemory.lasting(
                        LONG_SEGMENTS,
                        KillableMemory.in(directory, new KillableMemory.Process(Long.MAX_VALUE)),
                        HeapMemory::allocate,
                        isFresh);
        return new StoreFixture(LONG_SEGMENTS, memory, StoreFixture.NO_HITS, assembly);
    }

    private void run(
            StoreConfig config,
            ShardAssembly assembly,
            boolean evicts,
            boolean reclaims,
            boolean audits,
            int seed) {
        Path memory = directory.resolve(Integer.toString(seed));
        try {
            Files.createDirectory(memory);
            new KilledRun(memory, config, assembly, evicts, reclaims, audits, seed).run(KILLS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
