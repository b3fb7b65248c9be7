package io.larder.server.net;

import static io.larder.protocol.ExtensionType.RETRY_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.larder.server.limit.ServerLimits;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that is asked for more than it can do, as each command is made to take a millisecond.
 */
@Timeout(60)
class OverloadTest {
    private static final int REQUESTS = 3_000;

    private static BinaryServer slowServer(Transport transport, long delayMillisMax)
            throws Exception {
        ServerLimits limits = ServerLimits.none();
        limits.overload().delayMillisMax(delayMillisMax);
        limits.overload().commandDelayMicros(1_000);
        return new BinaryServer(
                new NetConfig("127.0.0.1", 0, 1, 10, 60_000, 60_000, 0, 0, 256 << 10, 64 << 10),
                CommandLimits.DEFAULT,
                transport,
                limits);
    }

    private static Map<Status, Integer> askAtOnce(RawClient client, int requests) throws Exception {
        RequestFrame[] gets = new RequestFrame[requests];
        Arrays.fill(gets, RequestFrame.get("k"));
        client.send(RequestFrame.row(gets));
        Map<Status, Integer> statuses = new EnumMap<>(Status.class);
        for (int i = 0; i < requests; i++) {
            ReplyFrame reply = client.reply();
            statuses.merge(reply.status(), 1, Integer::sum);
            if (reply.status() == Status.BUSY) {
                assertThat(reply.number(RETRY_AFTER)).isPositive();
                assertThat(reply.text()).startsWith("queueing: ");
            }
        }
        return statuses;
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void moreThanCanBeDone_isBusy_andTheConversationGoesOn(Transport transport) throws Exception {
        try (BinaryServer server = slowServer(transport, 5);
                RawClient client = RawClient.greeted(server.port())) {
            Map<Status, Integer> statuses = askAtOnce(client, REQUESTS);
            assertThat(statuses).containsOnlyKeys(Status.MISS, Status.BUSY);
            assertThat(statuses.get(Status.BUSY)).isGreaterThan(REQUESTS / 2);
            assertThat(client.ask(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);
            for (int i = 0; i < 20; i++) { // what can be done is done, from the first one on
                assertThat(client.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            }
        }
    }

    @Test
    void withoutALimit_everythingIsCarriedOut() throws Exception {
        try (BinaryServer server = slowServer(Transport.preferred(), 0);
                RawClient client = RawClient.greeted(server.port())) {
            assertThat(askAtOnce(client, 700)).containsOnlyKeys(Status.MISS);
        }
    }
}
