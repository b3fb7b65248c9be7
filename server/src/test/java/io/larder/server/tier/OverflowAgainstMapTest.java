package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.store.OverflowTwin;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept on disk is never older than the last write, nor lost: a plain map says so. */
class OverflowAgainstMapTest {
    private static final int OPERATIONS = 6_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20260101})
    void randomOperations_onStoreAndMap_endTheSame(long seed) throws IOException {
        try (SteppedTier stepped = new SteppedTier(directory.resolve("t"), OverflowTwin.NONE)) {
            ModelledTier modelled = new ModelledTier(stepped, seed);

            modelled.run(seed, OPERATIONS);

            assertThat(modelled.hitsFromDisk).isGreaterThan(100);
            assertThat(modelled.overflowed).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void brokenTwin_isNoticed(OverflowTwin twin) throws IOException {
        try (SteppedTier stepped = new SteppedTier(directory.resolve("t"), twin)) {
            ModelledTier modelled = new ModelledTier(stepped, 1);

            assertThatThrownBy(() -> modelled.run(1, OPERATIONS))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("seed 1");
        }
    }
}
