package io.larder.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LoadTest {
    private static final int KEYS = 1_000;

    /** Has a value of 5 bytes for each key but 7; answers asynchronous gets on one thread. */
    private static final class Model implements Contender {
        final AtomicInteger unanswered = new AtomicInteger();
        final AtomicInteger unansweredMax = new AtomicInteger();
        private final ConcurrentLinkedQueue<Runnable> answers = new ConcurrentLinkedQueue<>();
        private final Thread answering = new Thread(this::answer);
        private volatile boolean closed;

        Model() {
            answering.start();
        }

        private void answer() {
            while (!closed) {
                Runnable next = answers.poll();
                if (next != null) {
                    next.run();
                }
            }
        }

        @Override
        public void set(int key, byte[] value) {}

        @Override
        public byte[] get(int key) {
            enter();
            unanswered.decrementAndGet();
            return key == 7 ? null : new byte[5];
        }

        private void enter() {
            int now = unanswered.incrementAndGet();
            unansweredMax.accumulateAndGet(now, Math::max);
        }

        @Override
        public void getAsync(int key, Answer answer) {
            enter();
            answers.add(
                    () -> {
                        unanswered.decrementAndGet();
                        answer.take(key == 7 ? null : new byte[5], null);
                    });
        }

        @Override
        public boolean isAsynchronous() {
            return true;
        }

        @Override
        public int getAll(List<Integer> keys, int valueBytes) {
            assertThat(keys).hasSize(100).doesNotHaveDuplicates();
            return keys.contains(7) ? 99 : 100;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void closed_countsCallsAndWrongAnswers(Scenario scenario) throws Exception {
        try (Model model = new Model()) {
            Sample sample = new Load(model, scenario, KEYS, 5, 200).closed();

            assertThat(sample.calls()).isPositive();
            assertThat(sample.callsPerSecond()).isPositive();
            assertThat(sample.wrong()).isLessThan(sample.calls());
            assertThat(model.unanswered.get()).isZero();
            assertThat(model.unansweredMax.get()).isLessThanOrEqualTo(scenario.concurrency());
        }
    }

    @Test
    void answersOfAnotherLength_areWrong() throws Exception {
        try (Model model = new Model()) {
            Sample sample = new Load(model, Scenario.SYNC_1, KEYS, 6, 50).closed();

            assertThat(sample.wrong()).isEqualTo(sample.calls());
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void open_makesTheCallsThatWereDue(Scenario scenario) throws Exception {
        try (Model model = new Model()) {
            Sample sample = new Load(model, scenario, KEYS, 5, 500).open(1_000);

            assertThat(sample.calls()).isEqualTo(500);
            assertThat(sample.microsP50()).isLessThanOrEqualTo(sample.microsP99());
            assertThat(sample.microsP99()).isLessThanOrEqualTo(sample.microsP999());
        }
    }

    /** A call that is due in a moment is made at once, and may be answered before that moment. */
    @Test
    void call_neverBeginsLaterThanItIsMade() {
        for (int i = 0; i < 1_000; i++) {
            long beginNanos = Load.await(System.nanoTime() + 15_000);

            assertThat(System.nanoTime() - beginNanos).isNotNegative();
        }
    }

    @Test
    void sample_isReadAsWritten() {
        Sample sample = new Sample(1234.5, 6.25, 7, 8, 9.5, 10, 1);

        assertThat(Sample.isOne(sample.format())).isTrue();
        assertThat(Sample.isOne("READY")).isFalse();
        assertThat(Sample.parse(sample.format())).isEqualTo(sample);
    }
}
