package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final RetryBudget budget = new RetryBudget(0);

    private int takeAll(long nowNanos) {
        int taken = 0;
        while (budget.tryTake(nowNanos)) {
            taken++;
        }
        return taken;
    }

    @Test
    void withoutAnswers_aFewEachSecondAreFree() {
        assertThat(takeAll(0)).isEqualTo(10);
        assertThat(takeAll(TimeUnit.MILLISECONDS.toNanos(99))).isZero();
        assertThat(takeAll(TimeUnit.MILLISECONDS.toNanos(100))).isEqualTo(1);
        assertThat(takeAll(TimeUnit.MILLISECONDS.toNanos(1_099))).isEqualTo(9);
        assertThat(takeAll(TimeUnit.MILLISECONDS.toNanos(1_100))).isEqualTo(1);
    }

    @Test
    void pause_savesUpASecondOnly() {
        takeAll(0);

        assertThat(takeAll(TimeUnit.HOURS.toNanos(1))).isEqualTo(10);
    }

    @Test
    void tenAnswers_payForOneRetry() {
        takeAll(0);

        for (int i = 0; i < 1_009; i++) {
            budget.onAnswer();
        }

        assertThat(takeAll(0)).isEqualTo(100);
        budget.onAnswer();
        assertThat(takeAll(0)).isEqualTo(1);
    }

    @Test
    void answers_areSavedUpToAMost() {
        for (int i = 0; i < 1_000_000; i++) {
            budget.onAnswer();
        }

        assertThat(takeAll(0)).isEqualTo(RetryBudget.RETRIES_MAX);
    }
}
