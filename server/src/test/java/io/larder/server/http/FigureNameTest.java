package io.larder.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureNameTest {
    @ParameterizedTest
    @CsvSource({
        "hits, larder_hits, 1",
        "bytes_live, larder_live_bytes, 1",
        "memory_limit_bytes, larder_memory_limit_bytes, 1",
        "tier_bytes_written, larder_tier_written_bytes, 1",
        "tier_bytes, larder_tier_bytes, 1",
        "overhead_bytes_per_item, larder_overhead_bytes_per_item, 1",
        "oldest_millis, larder_oldest_seconds, 0.001",
        "tier_read_micros_p50, larder_tier_read_p50_seconds, 0.000001",
        "pause_nanos_max, larder_pause_max_seconds, 0.000000001",
    })
    void name_hasItsUnitLast_inABaseUnit(String figure, String name, double factor) {
        assertThat(FigureName.of(figure)).isEqualTo(new FigureName(name, factor));
    }
}
