package io.larder.server.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReadTallyTest {
    private static final int HALF = 0;
    private static final int DOUBLE = 4;

    private final ReadTally tally = new ReadTally();

    @Test
    void atThePresentSize_itIsTheMeasuredRatio_whateverTheSampleSays() {
        tally.addReads(1_000, 250);
        tally.addSample(0b111111);
        tally.fold(64);

        assertThat(tally.hitRatio(Miniatures.PRESENT)).isEqualTo(0.75);
        assertThat(tally.hitRatio(HALF)).isEqualTo(0.75);
    }

    @Test
    void missesThatOtherSizesHaveMoreOrLess_countForAsManyAsTheSampleWasSmall() {
        tally.addReads(1_000, 250);
        tally.addSample(0b000001); // half the size misses
        tally.fold(10);
        tally.addSample(0b000111); // all up to the present size do
        tally.fold(40);

        assertThat(tally.hitRatio(HALF)).isEqualTo(0.74, within(1e-9));
        assertThat(tally.hitRatio(DOUBLE)).isEqualTo(0.79, within(1e-9));
    }

    @Test
    void halved_itSaysTheSame_andWhatComesCountsDouble() {
        tally.addReads(1_000, 500);
        tally.halve();
        assertThat(tally.hitRatio(Miniatures.PRESENT)).isEqualTo(0.5);

        tally.addReads(500, 0);
        assertThat(tally.hitRatio(Miniatures.PRESENT)).isEqualTo(0.75);
    }

    @Test
    void withoutReads_itIsZero() {
        assertThat(tally.hitRatio(HALF)).isZero();
    }
}
