package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.larder.server.limit.AddressLimit;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.ServerLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits that all connections share, over real sockets. */
@Timeout(60)
class LimitsOverSocketsTest {
    private static final int VALUE_BYTES = 200_000;

    private static BinaryServer server(ServerLimits limits, long stallMillis) throws IOException {
        return new BinaryServer(
                new NetConfig(
                        "127.0.0.1",
                        0,
                        1,
                        100,
                        60_000,
                        60_000,
                        0,
                        stallMillis,
                        256 << 10,
                        64 << 10),
                CommandLimits.DEFAULT,
                Transport.preferred(),
                limits);
    }

    /** Asks for values of which it reads none. */
    private static RawClient deaf(BinaryServer server, int gets) throws IOException {
        RawClient client = new RawClient(server.port(), 16 << 10);
        client.ask(RequestFrame.hello());
        RequestFrame[] requests = new RequestFrame[gets];
        Arrays.fill(requests, RequestFrame.get("big"));
        client.send(RequestFrame.row(requests));
        return client;
    }

    @Test
    void clientsThatNeverRead_fillTheServersBytes_andOthersAreToldUntilTheyAreCutOff()
            throws Exception {
        ServerLimits limits = ServerLimits.none();
        limits.inFlight().bytesMax(1 << 20);
        try (BinaryServer server = server(limits, 100);
                RawClient other = RawClient.greeted(server.port())) {
            other.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[VALUE_BYTES]));
            List<RawClient> deaf = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                deaf.add(deaf(server, 20));
            }
            await().until(() -> limits.inFlight().isFull());
            assertThat(other.ask(RequestFrame.get("k")).status()).isEqualTo(Status.BUSY);
            assertThat(limits.inFlight().bytes()).isLessThan(3 << 20);
            assertThat(other.ask(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);

            server.passTime();
            await().until(() -> limits.inFlight().bytes() == 0);
            assertThat(server.frontend.gate().open()).isLessThan(9); // those that held any are gone
            assertThat(other.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            for (RawClient each : deaf) {
                each.close();
            }
            assertThat(server.errors.count()).isZero();
        }
    }

    @Test
    void clientThatLeavesALittleUnread_isCutOff_thoughItIsBelowTheWatermark() throws Exception {
        ServerLimits limits = ServerLimits.none();
        try (BinaryServer server = server(limits, 100);
                RawClient other = RawClient.greeted(server.port())) {
            other.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[VALUE_BYTES]));
            // Fills the kernel's buffers, and a little more: found by asking for one more at a
            // time.
            RawClient deaf = deaf(server, 1);
            while (limits.inFlight().bytes() == 0) {
                deaf.send(RequestFrame.get("big").bytes());
                other.ask(RequestFrame.of(Opcode.PING));
            }
            server.passTime();
            await().until(() -> server.frontend.gate().open() == 1);
            assertThat(limits.inFlight().bytes()).isZero();
            deaf.close();
        }
    }

    @Test
    void halfFrame_whileTooMuchIsInFlight_isAnsweredBusyAndDrained() throws Exception {
        ServerLimits limits = ServerLimits.none();
        limits.inFlight().bytesMax(1 << 20);
        try (BinaryServer server = server(limits, 0);
                RawClient client = RawClient.greeted(server.port())) {
            byte[] set = RequestFrame.of(Opcode.SET, "k").value(new byte[VALUE_BYTES]).bytes();
            client.send(set, 0, 100_000);
            await().until(() -> limits.inFlight().bytes() > 100_000);
            limits.inFlight().change(1 << 20);
            client.send(set, 100_000, 150_000);
            assertThat(client.reply().status()).isEqualTo(Status.BUSY);
            await().until(() -> limits.inFlight().bytes() == 1 << 20);
            limits.inFlight().change(-1 << 20);
            client.send(set, 150_000, set.length);
            assertThat(client.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            client.send(set);
            assertThat(client.reply().status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void rate_isOfAllConnectionsOfAName() throws Exception {
        ServerLimits limits = ServerLimits.none();
        limits.rates().reconfigure(Map.of(CommandGroup.READ, 10));
        try (BinaryServer server = server(limits, 0);
                RawClient first = RawClient.greeted(server.port());
                RawClient second = RawClient.greeted(server.port())) {
            int done = 0;
            for (int i = 0; i < 10; i++) {
                for (RawClient client : List.of(first, second)) {
                    done += client.ask(RequestFrame.get("k")).status() == Status.MISS ? 1 : 0;
                }
            }
            assertThat(done).isBetween(10, 19);
        }
    }

    @Test
    void connectionOverItsAddressesLimit_isTold_andCountedOnce() {
        ConnectionGate gate = new ConnectionGate(100, new AddressLimit(2));
        ConnectionGate shared = new ConnectionGate(100, new AddressLimit(2));
        EmbeddedChannel first = from("10.1.2.3");
        assertThat(gate.enter(first)).isNull();
        assertThat(gate.enter(from("10.1.2.3"))).isNull();
        assertThat(gate.enter(from("10.1.2.3")))
                .hasToString("connectionsOfAddress: 3 (expected: at most 2)");
        assertThat(gate.enter(from("10.1.2.4"))).isNull();
        assertThat(shared.enter(first)).isNull();
        assertThat(gate.open()).isEqualTo(3);
        first.close();
        assertThat(gate.enter(from("10.1.2.3"))).isNull();
    }

    private static EmbeddedChannel from(String address) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 1);
            }
        };
    }

    @Test
    void windowOfRequests_whenFull_stopsReadingUntilOneIsAnswered() throws Exception {
        CommandLimits usual = CommandLimits.DEFAULT;
        CommandLimits narrow =
                new CommandLimits(
                        usual.keyBytesMax(),
                        usual.valueBytesMax(),
                        usual.batchOperationsMax(),
                        2,
                        usual.windowBytes(),
                        usual.retryAfterMillis());
        NetConfig config =
                new NetConfig("127.0.0.1", 0, 1, 10, 60_000, 60_000, 0, 0, 256 << 10, 64 << 10);
        try (BinaryServer server = new BinaryServer(config, narrow, Transport.preferred());
                RawClient holder = new RawClient(server.port());
                RawClient client = new RawClient(server.port())) {
            holder.ask(RequestFrame.hello("leases"));
            client.ask(RequestFrame.hello("leases"));
            ReplyFrame lease = holder.ask(leased("k", 1, 0));
            assertThat(lease.status()).isEqualTo(Status.LEASE_YOURS);
            client.send(
                    RequestFrame.row(
                            leased("k", 11, 60_000),
                            leased("k", 12, 60_000),
                            RequestFrame.of(Opcode.PING).id(13)));
            assertThat(holder.ask(RequestFrame.set("k", "v").id(2)).status()).isEqualTo(Status.OK);
            assertThat(List.of(client.reply(), client.reply(), client.reply()))
                    .extracting(ReplyFrame::id)
                    .containsExactly(11, 12, 13);
        }
    }

    private static RequestFrame leased(String key, int id, int waitMillis) {
        RequestFrame get = RequestFrame.get(key).id(id).flags(0x0080);
        return waitMillis == 0
                ? get
                : get.with(0x8C, ByteBuffer.allocate(4).putInt(waitMillis).array());
    }

    @Test
    void listenerThatCannotAccept_countsIt_andGoesOn() throws Exception {
        try (BinaryServer server = server(ServerLimits.none(), 0)) {
            server.listener.failAccept(new IOException("accept(..) failed: Too many open files"));
            await().until(() -> server.acceptFailures.count() == 1);
            assertThat(server.errors.count()).isZero();
            try (RawClient client = RawClient.greeted(server.port())) { // a second later
                assertThat(client.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            }
        }
    }
}
