package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandOffTest {
    private final HandOff handOff = new HandOff();

    private List<Call<?>> takeAll() {
        List<Call<?>> calls = new ArrayList<>();
        Call<?> call = handOff.takeAll();
        while (call != null) {
            calls.add(call);
            call = call.next;
        }
        return calls;
    }

    @Test
    void push_ontoEmpty_tellsItsCallerToDrain() {
        assertThat(handOff.push(Calls.get(1))).isTrue();
        assertThat(handOff.push(Calls.get(1))).isFalse();
        takeAll();
        assertThat(handOff.push(Calls.get(1))).isTrue();
    }

    @Test
    void takeAll_returnsTheOldestFirst() {
        Call<?> first = Calls.get(1);
        Call<?> second = Calls.get(1);
        Call<?> third = Calls.get(1);
        handOff.push(first);
        handOff.push(second);
        handOff.push(third);

        assertThat(takeAll()).containsExactly(first, second, third);
        assertThat(takeAll()).isEmpty();
    }

    @Test
    void manyProducers_loseNothingAndKeepTheirOrder() throws Exception {
        int producers = 4;
        int each = 20_000;
        ExecutorService executor = Executors.newFixedThreadPool(producers);
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger wakeUps = new AtomicInteger();
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int producer = 0; producer < producers; producer++) {
                long mark = producer;
                done.add(
                        executor.submit(
                                () -> {
                                    start.await();
                                    for (int i = 0; i < each; i++) {
                                        Call<?> call = Calls.get(mark * each + i);
                                        wakeUps.addAndGet(handOff.push(call) ? 1 : 0);
                                    }
                                    return null;
                                }));
            }
            start.countDown();
            int[] next = new int[producers];
            int taken = 0;
            int drains = 0;
            while (taken < producers * each) {
                List<Call<?>> batch = takeAll();
                drains += batch.isEmpty() ? 0 : 1;
                for (Call<?> call : batch) {
                    int producer = (int) (call.deadlineNanos / each);
                    assertThat(call.deadlineNanos % each).isEqualTo(next[producer]++);
                    taken++;
                }
            }
            for (Future<?> future : done) {
                future.get();
            }
            assertThat(wakeUps.get()).isEqualTo(drains);
        } finally {
            executor.shutdownNow();
        }
    }
}
