package io.larder.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.bench.JmhFork.Score;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreVerdictTest {
    private static final StoreVerdict.Bounds BOUNDS =
            new StoreVerdict.Bounds(1.0, 0.5, 1.0, 1.0, 0.1);
    private static final StorePoint GET_ALONE =
            new StorePoint(Operation.get, 1_000, Distribution.uniform, 1);
    private static final StorePoint GET_BY_TWO = GET_ALONE.withThreads(2);
    private static final StorePoint SET =
            new StorePoint(Operation.set, 1_000, Distribution.zipfian, 1);

    private final StoreScores scores = new StoreScores();

    private void add(StorePoint point, EngineKind engine, double... nanos) {
        for (double each : nanos) {
            scores.add(point, engine, new Score(each, 0, Map.of()));
        }
    }

    private StoreVerdict verdict() {
        return StoreVerdict.of(scores, BOUNDS);
    }

    @Test
    void ratio_isTheMedianOfTheRoundsRatios() {
        add(GET_ALONE, EngineKind.larder, 90, 400, 80);
        add(GET_ALONE, EngineKind.chm, 100, 500, 200);

        assertThat(verdict().result().toString()).contains(" get_chm_uniform_1000_1t=0.80 ");
        assertThat(verdict().broken()).isEmpty();
        assertThat(verdict().table()).contains("0.80");
    }

    @Test
    void get_slowerThanAMap_breaksThePromise() {
        add(GET_ALONE, EngineKind.larder, 101);
        add(GET_ALONE, EngineKind.chm, 100);

        assertThat(verdict().broken())
                .containsExactly("get_chm_uniform_1000_1t: 1.01 (expected: <= 1.00)");
    }

    @Test
    void get_moreThanHalfOfACachesTime_breaksThePromise() {
        add(GET_ALONE, EngineKind.larder, 60);
        add(GET_ALONE, EngineKind.caffeine, 100);

        assertThat(verdict().broken())
                .containsExactly("get_caffeine_uniform_1000_1t: 0.60 (expected: <= 0.50)");
    }

    @Test
    void set_isHeldAgainstOhcOnly() {
        add(SET, EngineKind.larder, 200);
        add(SET, EngineKind.chm, 100);
        add(SET, EngineKind.ohc, 100);

        assertThat(verdict().broken())
                .containsExactly("set_ohc_zipfian_1000_1t: 2.00 (expected: <= 1.00)");
    }

    @Test
    void set_thatLosesItems_breaksThePromise() {
        scores.add(SET, EngineKind.larder, new Score(100, 0, Map.of("lost", 5.0)));

        assertThat(verdict().broken())
                .containsExactly("lost_set_zipfian_1000_1t: 5.00 (expected: <= 0.00)");
    }

    @Test
    void scaling_lessThanAMaps_breaksThePromise() {
        add(GET_ALONE, EngineKind.larder, 50);
        add(GET_ALONE, EngineKind.chm, 100);
        add(GET_BY_TWO, EngineKind.larder, 100);
        add(GET_BY_TWO, EngineKind.chm, 110);

        assertThat(verdict().broken())
                .containsExactly("scaling_uniform_1000_2t: 0.55 (expected: >= 1.00)");
    }

    @Test
    void allocation_breaksThePromise() {
        scores.add(GET_ALONE, EngineKind.larder, new Score(100, 16, Map.of()));

        assertThat(verdict().broken())
                .containsExactly("bytes_get_uniform_1000_1t: 16.00 (expected: <= 0.10)");
    }
}
