package io.larder.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestTimesTest {
    private final CommandFixture fixture = CommandFixture.open();
    private final RequestTimes times = fixture.dispatcher.times();
    private final SlowLog slowLog = times.slowLog();

    private long timed(Opcode opcode) {
        return times.latencies().get(opcode).count();
    }

    @Test
    void requestsAboutOneKey_areTimedNowAndThen() {
        for (int i = 0; i < 6_400; i++) {
            fixture.send(RequestFrame.get("k"));
        }

        assertThat(timed(Opcode.GET)).isBetween(50L, 200L);
        assertThat(timed(Opcode.SET)).isZero();
    }

    @Test
    void allOtherRequests_areTimedEachTime() {
        for (int i = 0; i < 10; i++) {
            fixture.send(RequestFrame.batch(RequestFrame.get("a")));
            fixture.send(RequestFrame.of(Opcode.STATS));
        }

        assertThat(timed(Opcode.HELLO)).isEqualTo(1);
        assertThat(timed(Opcode.BATCH)).isEqualTo(10);
        assertThat(timed(Opcode.STATS)).isEqualTo(10);
    }

    @Test
    void unknownOpcode_isAnswered_andNotTimed() {
        assertThat(fixture.send(RequestFrame.of(0x7F)).status()).isEqualTo(Status.UNKNOWN_OPCODE);

        assertThat(times.latencies().values()).filteredOn(f -> f.count() > 0).hasSize(1); // HELLO
    }

    @Test
    void slowRequest_hasAnEntry_withKeyAndClient() {
        fixture.session.clientAddress("10.0.0.7:50432");
        slowLog.thresholdNanos(1);
        String key = "k".repeat(300);
        for (int i = 0; i < 2 * Sampling.MEAN; i++) {
            fixture.send(RequestFrame.set(key, "v"));
        }
        List<SlowRequest> sets = new ArrayList<>(slowLog.newest(SlowLog.CAPACITY));
        sets.removeIf(entry -> !entry.command().equals("SET"));

        assertThat(sets).isNotEmpty();
        SlowRequest entry = sets.get(0);
        assertThat(new String(entry.key().toByteArray(), UTF_8)).isEqualTo(key.substring(0, 256));
        assertThat(entry.keyBytes()).isEqualTo(300);
        assertThat(entry.region()).isEqualTo("default");
        assertThat(entry.client().address()).isEqualTo("10.0.0.7:50432");
        assertThat(entry.requests()).isEqualTo(1);
    }

    @Test
    void slowReadBatch_hasAnEntry_withItsNumberOfRequests() {
        slowLog.thresholdNanos(1);

        fixture.sendAll(
                RequestFrame.get("a"),
                RequestFrame.get("b"),
                RequestFrame.of(Opcode.PING),
                RequestFrame.get("c"));

        SlowRequest batch = slowLog.newest(1).get(0);
        assertThat(batch.command()).isEqualTo(SlowLog.READ_BATCH);
        assertThat(batch.requests()).isEqualTo(4);
        assertThat(batch.key().length()).isZero();
        assertThat(slowLog.newest(10)).extracting(SlowRequest::command).contains("PING");
    }

    @Test
    void regionThatIsNotThere_isNotNamed() {
        slowLog.thresholdNanos(1);

        fixture.send(RequestFrame.of(Opcode.CLEAR).region(777));

        assertThat(slowLog.newest(10))
                .filteredOn(entry -> entry.command().equals("CLEAR"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.region()).isEmpty());
    }

    @Test
    void nothingIsSlow_belowTheThreshold_orWithoutOne() {
        slowLog.thresholdMillis(60_000);
        fixture.send(RequestFrame.of(Opcode.STATS));
        assertThat(slowLog.size()).isZero();

        slowLog.thresholdMillis(0);
        fixture.send(RequestFrame.of(Opcode.STATS));
        assertThat(slowLog.size()).isZero();
    }

    @Test
    void fullLog_keepsTheNewest_andClearDropsAll() {
        List<SlowRequest> told = new ArrayList<>();
        slowLog.onSlow(told::add);
        slowLog.thresholdNanos(1);
        IntStream.range(0, 200).forEach(i -> fixture.send(RequestFrame.of(Opcode.PING)));

        List<SlowRequest> kept = slowLog.newest(Integer.MAX_VALUE);

        assertThat(told).hasSizeGreaterThanOrEqualTo(200);
        assertThat(kept).hasSize(SlowLog.CAPACITY);
        assertThat(kept.get(0)).isSameAs(told.get(told.size() - 1));
        assertThat(kept.get(127)).isSameAs(told.get(told.size() - 128));
        assertThat(slowLog.newest(3)).isEqualTo(kept.subList(0, 3));
        slowLog.clear();
        assertThat(slowLog.size()).isZero();
    }
}
