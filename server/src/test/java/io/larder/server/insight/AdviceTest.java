package io.larder.server.insight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final long MIB = 1 << 20;

    private final Advice advice = new Advice();

    private static List<CurvePoint> points(double... ratios) {
        return List.of(
                new CurvePoint(512 * MIB, ratios[0]),
                new CurvePoint(768 * MIB, ratios[1]),
                new CurvePoint(1024 * MIB, ratios[2]),
                new CurvePoint(1536 * MIB, ratios[3]),
                new CurvePoint(2048 * MIB, ratios[4]),
                new CurvePoint(4096 * MIB, ratios[5]));
    }

    @Test
    void moreMemory_isMentioned_whereItBringsHalfAPointMoreThanWhatWasMentioned() {
        advice.onMemory(points(0.5, 0.6, 0.7, 0.731, 0.734, 0.80));

        assertThat(advice.sentences())
                .containsExactly("+512 MiB → +3.1 % hits", "+3 GiB → +10.0 % hits");
    }

    @Test
    void lessMemory_isMentioned_whereItCostsNothing_theLeastFirst() {
        advice.onMemory(points(0.7, 0.7, 0.7, 0.7, 0.7, 0.7));

        assertThat(advice.sentences()).containsExactly("-512 MiB → -0.0 % hits");
    }

    @Test
    void whereNothingIsKnown_nothingIsSaid() {
        advice.onMemory(List.of());
        advice.onPrefixes(List.of(prefix("a:", 0, 10)), 0);
        advice.onExpiry("x", new RegionTally());

        assertThat(advice.sentences()).isEmpty();
    }

    private static PrefixStats prefix(String prefix, long hits, long bytes) {
        return new PrefixStats("default", prefix.getBytes(UTF_8), hits, 0, bytes, 0, 0);
    }

    @Test
    void prefix_isMentioned_whereItHoldsFarMoreThanItIsWorth() {
        advice.onPrefixes(
                List.of(
                        prefix("user:", 9_000, 500),
                        prefix("sess:", 200, 400),
                        prefix("", 300, 100),
                        prefix("small:", 0, 20)),
                10_000);

        assertThat(advice.sentences())
                .containsExactly("prefix sess: holds 39 % of memory for 2 % of hits");
    }

    @Test
    void lateReads_areMentioned_withTheirMedian() {
        RegionTally tally = new RegionTally();
        tally.reads.addReads(400, 100);
        for (int read = 0; read < 20; read++) {
            tally.addLate(6_000);
        }
        tally.reads.fold(2);

        advice.onExpiry("x", tally);

        assertThat(advice.sentences())
                .containsExactly(
                        "TTL of region x expires items that are read 6 s later: 10 % of its reads");
    }
}
