package io.larder.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import io.larder.server.store.RemovalCause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final int CAPACITY_BYTES = 4096;
    private static final Slice KEY = Slice.of("key".getBytes(StandardCharsets.UTF_8));

    private final List<Throwable> errors = new ArrayList<>();
    private final EventLog log = new EventLog(CAPACITY_BYTES, () -> 77, errors::add);
    private final Recorder recorder = new Recorder();

    /** Keeps what it is told, and checks that the sequence has no hole. */
    private static final class Recorder implements EventListener {
        final List<Long> versions = new ArrayList<>();
        long events;
        long lost;
        long nextSequence;

        @Override
        public void onEvent(Event event) {
            assertThat(event.sequence()).isEqualTo(nextSequence++);
            versions.add(event.version());
            events++;
        }

        @Override
        public void onGap(long sequence, long gap) {
            assertThat(sequence).isEqualTo(nextSequence);
            nextSequence += gap;
            lost += gap;
            versions.add(-gap);
        }
    }

    private void offer(long version) {
        log.offer(EventType.STORED, 3, 5, 0xABCDL, KEY, version);
    }

    @Test
    void event_saysWhatWasOffered() {
        List<String> seen = new ArrayList<>();
        log.add(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        assertThat(event.timeMillis()).isEqualTo(77);
                        assertThat(event.shard()).isEqualTo(3);
                        assertThat(event.space()).isEqualTo(5);
                        assertThat(event.hash()).isEqualTo(0xABCDL);
                        assertThat(event.version()).isEqualTo(9);
                        assertThat(event.keyLength()).isEqualTo(3);
                        seen.add(
                                event.type()
                                        + new String(
                                                event.key().toByteArray(), StandardCharsets.UTF_8));
                    }

                    @Override
                    public void onGap(long sequence, long lost) {
                        throw new AssertionError();
                    }
                });
        for (RemovalCause cause : RemovalCause.values()) {
            log.offer(EventType.of(cause), 3, 5, 0xABCDL, KEY, 9);
        }
        log.drain(100);

        assertThat(errors).isEmpty();
        assertThat(seen)
                .containsExactly(
                        "EVICTEDkey",
                        "CHAINkey",
                        "EXPIREDkey",
                        "DELETEDkey",
                        "OVERWRITTENkey",
                        "CLEAREDkey");
    }

    @Test
    void longKey_isCutAndItsLengthTold() {
        int[] lengths = new int[2];
        log.add(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        lengths[0] = event.keyLength();
                        lengths[1] = event.key().length();
                    }

                    @Override
                    public void onGap(long sequence, long lost) {}
                });
        log.offer(EventType.STORED, 0, 0, 0, Slice.of(new byte[4095]), 1);
        log.drain(1);

        assertThat(lengths).containsExactly(4095, Event.KEY_BYTES_MAX);
    }

    @Test
    void offer_whileNobodyWatches_takesNothing() {
        offer(1);
        log.add(recorder);
        log.remove(recorder);
        offer(2);
        log.add(recorder);
        log.drain(100);

        assertThat(log.isWatched()).isTrue();
        assertThat(recorder.versions).isEmpty();
        assertThat(log.dropped()).isZero();
    }

    @Test
    void offer_beyondTheBound_isCounted_andToldBeforeWhatComesAfter() {
        log.add(recorder);
        long offered = 0;
        while (log.dropped() < 3) {
            offer(++offered);
        }
        log.drain(1); // the oldest, and the gap before it
        log.drain(Integer.MAX_VALUE);
        offer(++offered);
        log.drain(Integer.MAX_VALUE);

        assertThat(recorder.lost).isEqualTo(3);
        assertThat(recorder.events).isEqualTo(offered - 3);
        assertThat(recorder.versions.indexOf(-3L)).isLessThan(recorder.versions.indexOf(offered));
        assertThat(recorder.nextSequence).isEqualTo(offered);
    }

    @Test
    void gap_insideADrain_isToldBeforeTheEventsThatKnowOfIt() {
        assertThat(misleads(new EventLog(512, () -> 0, errors::add))).isFalse();
    }

    @Test
    void logThatLooksForLossesBeforeItReads_misleadsItsListeners() {
        assertThat(misleads(new LooksTooEarly(errors))).isTrue();
    }

    /**
     * Whether a listener is told of an event before a loss that the event's producer knew of. The
     * listener itself offers, since it is the one who can between two steps of a drain: the log is
     * full at first, then has room, as soon as the ring's end is passed.
     */
    private static boolean misleads(EventLog log) {
        long[] lostTold = {0};
        boolean[] misled = {false};
        log.add(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        misled[0] |= event.version() > lostTold[0];
                        offerKnowing(log);
                    }

                    @Override
                    public void onGap(long sequence, long lost) {
                        lostTold[0] += lost;
                    }
                });
        fill(log);
        log.drain(3);
        fill(log);
        log.drain(30);
        return misled[0];
    }

    private static void fill(EventLog log) {
        long before = log.dropped();
        while (log.dropped() == before) {
            offerKnowing(log);
        }
    }

    /** An event whose version is the number of losses before it. */
    private static void offerKnowing(EventLog log) {
        log.offer(EventType.STORED, 0, 0, 0, KEY, log.dropped());
    }

    private static final class LooksTooEarly extends EventLog {
        private boolean looking;

        LooksTooEarly(List<Throwable> errors) {
            super(512, () -> 0, errors::add);
        }

        @Override
        public int drain(int budget) {
            looking = true;
            tellGap();
            looking = false;
            return super.drain(budget);
        }

        @Override
        void tellGap() {
            if (looking) {
                super.tellGap();
            }
        }
    }

    @Test
    void gap_isTold_alsoIfNothingFollows() {
        log.add(recorder);
        while (log.dropped() == 0) {
            offer(1);
        }
        log.drain(Integer.MAX_VALUE);

        assertThat(recorder.lost).isEqualTo(1);
    }

    @Test
    void drain_goesOnOverTheRingsEnd() {
        log.add(recorder);
        Slice odd = Slice.of(new byte[101]);
        for (int i = 1; i <= 1_000; i++) {
            log.offer(EventType.STORED, 0, 0, 0, odd, i);
            log.offer(EventType.STORED, 0, 0, 0, KEY, i);
            assertThat(log.drain(100)).isZero();
            assertThat(recorder.events).isEqualTo(2L * i);
        }
        assertThat(log.dropped()).isZero();
    }

    @Test
    void drain_atItsBudget_saysThatWorkIsLeft() {
        log.add(recorder);
        offer(1);
        offer(2);
        offer(3);

        assertThat(log.drain(2)).isEqualTo(1);
        assertThat(recorder.versions).containsExactly(1L, 2L);
        assertThat(log.drain(2)).isZero();
        assertThat(recorder.versions).containsExactly(1L, 2L, 3L);
    }

    @Test
    void listenerThatThrows_isReported_andTheOthersAreTold() {
        log.add(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        throw new IllegalStateException("planted");
                    }

                    @Override
                    public void onGap(long sequence, long lost) {}
                });
        log.add(recorder);
        offer(1);
        offer(2);
        log.drain(100);

        assertThat(errors).hasSize(2);
        assertThat(recorder.versions).containsExactly(1L, 2L);
    }

    @Test
    void threadsAndADrainAtOnce_accountForEveryEvent_eachThreadsInOrder() throws Exception {
        int threads = 4;
        long events = 50_000;
        long[] last = new long[threads];
        long[] counts = new long[2];
        log.add(
                new EventListener() {
                    @Override
                    public void onEvent(Event event) {
                        counts[0]++;
                        if (event.version() <= last[event.shard()]) {
                            throw new AssertionError("out of order: " + event.version());
                        }
                        last[event.shard()] = event.version();
                    }

                    @Override
                    public void onGap(long sequence, long lost) {
                        counts[1] += lost;
                    }
                });
        Thread[] producers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int shard = i;
            producers[i] =
                    new Thread(
                            () -> {
                                for (long version = 1; version <= events; version++) {
                                    log.offer(EventType.STORED, shard, 0, 0, KEY, version);
                                }
                            });
            producers[i].start();
        }
        for (Thread producer : producers) {
            while (producer.isAlive()) {
                log.drain(1_000);
            }
        }
        log.drain(Integer.MAX_VALUE);

        assertThat(errors).isEmpty();
        assertThat(counts[0] + counts[1]).isEqualTo(threads * events);
        assertThat(counts[0]).isEqualTo(log.delivered());
        assertThat(counts[1]).isEqualTo(log.dropped());
    }
}
