package io.larder.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StripedCounterTest {
    private final StripedCounter counter = new StripedCounter();

    @Test
    void sum_countsWhatManyThreadsAdded_deadOnesAndThoseWithoutAStripeIncluded()
            throws InterruptedException {
        int rounds = 3;
        int threads = ThreadStripes.COUNT + 20;
        int additions = 1_000;
        for (int round = 0; round < rounds; round++) {
            Thread[] all = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                all[i] = new Thread(() -> countUp(additions));
                all[i].start();
            }
            for (Thread thread : all) {
                thread.join();
            }
        }

        assertThat(counter.sum()).isEqualTo((long) rounds * threads * additions);
    }

    private void countUp(int additions) {
        for (int i = 0; i < additions; i++) {
            counter.increment();
        }
    }

    @Test
    void add_takesNegativeNumbers() {
        counter.add(7);
        counter.add(-3);

        assertThat(counter.sum()).isEqualTo(4);
    }
}
