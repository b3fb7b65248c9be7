package io.larder.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SampleRatesTest {
    private static final int SECONDS = 60;

    private final SampleRates rates = new SampleRates();
    private int keptBits;
    private long taken;

    /** So much goes on in each second. */
    private void load(int perSecond) {
        taken = 0;
        for (int second = 0; second < SECONDS; second++) {
            rates.pass(second * 1_000L);
            for (int number = 0; number < perSecond; number++) {
                boolean isKept = number % (1 << keptBits) == 0;
                boolean isPassing = number % (1 << rates.passingBits()) == 0;
                keptBits += (isKept || isPassing) && rates.count(isKept, isPassing) ? 1 : 0;
                taken += isKept ? 1 : 0;
                taken += isPassing ? 1 : 0;
            }
        }
    }

    @Test
    void littleGoingOn_isTakenWhole() {
        load(1_000);

        assertThat(keptBits).isZero();
        assertThat(rates.passingBits()).isZero();
        assertThat(taken).isEqualTo(2L * 1_000 * SECONDS);
    }

    @Test
    void muchGoingOn_costsSoMuchAndNoMore() {
        load(200_000);

        assertThat(taken / SECONDS).isBetween(4_000L, 16_000L);
    }

    @Test
    void afterALoad_itListensAgain() {
        load(200_000);
        assertThat(rates.passingBits()).isPositive();

        rates.pass(1_000_000);
        rates.pass(2_000_000);

        assertThat(rates.passingBits()).isZero();
    }

    @Test
    void whatCouldNotBeTaken_isListenedToLess_inProportion() {
        rates.listenLess(7);

        assertThat(rates.passingBits()).isEqualTo(3);
    }
}
