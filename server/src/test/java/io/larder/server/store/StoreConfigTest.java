package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoreConfigTest {
    private static final long MIB = 1 << 20;

    @Test
    void of_aLargeBudget_hasFourShardsACoreAndLargeSegments() {
        StoreConfig config = StoreConfig.of(8192 * MIB, 16, 9, 1, 2);

        assertThat(config.shards()).isEqualTo(64);
        assertThat(config.segmentBytes()).isEqualTo(StoreConfig.SEGMENT_BYTES_MAX);
        assertThat(config.copySegments()).isEqualTo(9);
    }

    @Test
    void of_theLeastBudget_onManyCores_stillHasRoom() {
        StoreConfig config = StoreConfig.of(StoreConfig.MEMORY_BYTES_MIN, 128, 65, 1, 2);

        assertThat(config.shards()).isEqualTo(4);
        assertThat(config.segmentBytes()).isEqualTo(64 << 10);
        assertThat(config.copySegments()).isEqualTo(4);
    }

    @Test
    void of_lessThanTheLeast_namesTheLimit() {
        assertThatThrownBy(() -> StoreConfig.of(StoreConfig.MEMORY_BYTES_MIN - 1, 2, 2, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memoryBytes: 4194303 (expected: >= 4194304)");
    }

    @Test
    void moreThanASlotAddresses_isRefused() {
        assertThatThrownBy(
                        () -> StoreConfig.of(StoreConfig.MEMORY_BYTES_MAX + (1 << 20), 2, 2, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: <= " + StoreConfig.MEMORY_BYTES_MAX);
    }

    @Test
    void shards_notAPowerOfTwo_isRefused() {
        assertThatThrownBy(() -> new StoreConfig(64 * MIB, 3, 1 << 16, 1, 2, 1))
                .hasMessage("shards: 3 (expected: a power of two, 1..256)");
    }
}
