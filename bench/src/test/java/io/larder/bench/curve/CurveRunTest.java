package io.larder.bench.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.larder.bench.curve.CurveRun.Size;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CurveRunTest {
    @Test
    void zipfWithScans_isPredictedWithin2Points_atEverySize() {
        List<Size> sizes = CurveRun.run(new ZipfWithScans(250_000, 60_000), 6_000);

        assertThat(sizes).extracting(Size::times).containsExactly(0.5, 0.75, 1.0, 1.5, 2.0, 4.0);
        assertThat(sizes).allSatisfy(size -> assertThat(size.error()).isBetween(-2.0, 2.0));
        assertThat(sizes.get(2).error()).as("at the present size").isEqualTo(0, within(0.01));
        assertThat(sizes.get(5).measured() - sizes.get(0).measured())
                .as("there is something to predict")
                .isGreaterThan(0.06);
    }

    @Test
    void sampleOfAFewThousand_predictsAStoreOfManyMore() {
        List<Size> sizes = CurveRun.run(new ZipfWithScans(500_000, 200_000), 20_000);

        assertThat(sizes).allSatisfy(size -> assertThat(size.error()).isBetween(-2.0, 2.0));
    }
}
