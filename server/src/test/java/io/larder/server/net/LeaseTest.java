package io.larder.server.net;

import static io.larder.protocol.ExtensionType.LEASE;
import static io.larder.protocol.ExtensionType.LEASE_MILLIS;
import static io.larder.protocol.ExtensionType.LEASE_TOKEN;
import static io.larder.protocol.ExtensionType.RETRY_AFTER;
import static io.larder.protocol.ExtensionType.SOFT_TTL;
import static io.larder.protocol.ExtensionType.TAGS;
import static io.larder.protocol.ExtensionType.WAIT_MILLIS;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.SOFT_REFRESH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.larder.server.region.RegionTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases between connections, over sockets and a real store. */
@Timeout(60)
@Tag("slow")
class LeaseTest {
    private static final int LONG_MILLIS = 60_000;

    private final List<RawClient> clients = new ArrayList<>();
    private BinaryServer server;

    @BeforeEach
    void start() throws Exception {
        server = new BinaryServer();
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        server.close();
        assertThat(server.errors.count()).isZero();
    }

    private RawClient client() throws Exception {
        RawClient client = RawClient.greeted(server.port());
        clients.add(client);
        return client;
    }

    private static RequestFrame lease(String key) {
        return RequestFrame.get(key).flags(LEASE_ON_MISS);
    }

    private static RequestFrame waiting(String key) {
        return lease(key).with(WAIT_MILLIS, LONG_MILLIS);
    }

    private static RequestFrame fill(String key, String value, long token) {
        return RequestFrame.set(key, value).with(LEASE_TOKEN, token);
    }

    private static long token(ReplyFrame reply) {
        assertThat(reply.status()).isEqualTo(Status.LEASE_YOURS);
        return reply.number(LEASE);
    }

    /** Sends a request that the server keeps. */
    private RawClient parked(RequestFrame request) throws Exception {
        RawClient client = client();
        long before = figure("parked_requests");
        client.send(request.bytes());
        await().until(() -> figure("parked_requests") == before + 1);
        return client;
    }

    private long figure(String name) {
        List<Number> found = new ArrayList<>();
        server.metrics.forEach(
                (each, value) -> {
                    if (each.equals(name)) {
                        found.add(Double.valueOf(value.toString()));
                    }
                });
        return found.get(0).longValue();
    }

    @Test
    void leaseOnMiss_amongManyConnections_isGrantedOnce_andTheFillAnswersAll() throws Exception {
        long token = token(client().ask(lease("k")));
        List<RawClient> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(parked(waiting("k")));
        }
        RawClient impatient = client();
        ReplyFrame told = impatient.ask(lease("k"));
        assertThat(told.status()).isEqualTo(Status.LEASE_OTHER);
        assertThat(told.number(RETRY_AFTER)).isPositive();
        assertThat(figure("leases")).isEqualTo(1);

        assertThat(clients.get(0).ask(fill("k", "v", token)).status()).isEqualTo(Status.OK);

        for (RawClient other : others) {
            assertThat(other.reply().text()).isEqualTo("v");
        }
        assertThat(figure("leases_granted")).isEqualTo(1);
        assertThat(figure("leases_voided")).isZero();
        assertThat(figure("leases")).isZero();
        assertThat(figure("parked_requests")).isZero();
    }

    @Test
    void release_grantsTheLeaseToOneOfThoseThatWait() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient first = parked(waiting("k"));
        RawClient second = parked(waiting("k"));

        RequestFrame release = RequestFrame.of(Opcode.RELEASE, "k").with(LEASE_TOKEN, token);
        assertThat(clients.get(0).ask(release).status()).isEqualTo(Status.OK);
        assertThat(clients.get(0).ask(release).status()).isEqualTo(Status.MISS);

        await().until(() -> figure("leases_granted") == 2 && figure("parked_requests") == 1);
        client().ask(RequestFrame.set("k", "v"));
        List<ReplyFrame> replies = List.of(first.reply(), second.reply());
        assertThat(replies)
                .extracting(ReplyFrame::status)
                .containsExactlyInAnyOrder(Status.LEASE_YOURS, Status.OK);
    }

    @Test
    void connectionDropped_givesItsLeaseToTheNextAtOnce() throws Exception {
        for (boolean abruptly : new boolean[] {true, false}) {
            RawClient owner = client();
            token(owner.ask(lease("k").with(LEASE_MILLIS, 300_000)));
            RawClient next = parked(waiting("k"));

            owner.vanish(abruptly);

            long token = token(next.reply());
            assertThat(next.ask(fill("k", "v", token)).status()).isEqualTo(Status.OK);
            client().ask(RequestFrame.of(Opcode.DELETE, "k"));
        }
    }

    @Test
    void delete_ofTheAbsentKey_voidsTheLease_wakesTheNext_andTheLateFillLoses() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient next = parked(waiting("k"));

        assertThat(client().ask(RequestFrame.of(Opcode.DELETE, "k")).status())
                .isEqualTo(Status.MISS);

        long nextToken = token(next.reply());
        assertThat(clients.get(0).ask(fill("k", "late", token)).status())
                .isEqualTo(Status.NOT_STORED);
        assertThat(next.ask(fill("k", "new", nextToken)).status()).isEqualTo(Status.OK);
        assertThat(client().ask(RequestFrame.get("k")).text()).isEqualTo("new");
        assertThat(figure("leases_voided")).isEqualTo(1);
    }

    @Test
    void write_byAnother_answersThoseThatWait_andTheLateFillLoses() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient waiting = parked(waiting("k"));

        client().ask(RequestFrame.set("k", "written"));

        assertThat(waiting.reply().text()).isEqualTo("written");
        assertThat(clients.get(0).ask(fill("k", "late", token)).status())
                .isEqualTo(Status.NOT_STORED);
        assertThat(client().ask(RequestFrame.get("k")).text()).isEqualTo("written");
    }

    @Test
    void regionCleared_voidsItsLeases() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient next = parked(waiting("k"));

        assertThat(client().ask(RequestFrame.of(Opcode.CLEAR)).status()).isEqualTo(Status.OK);

        token(next.reply());
        assertThat(clients.get(0).ask(fill("k", "late", token)).status())
                .isEqualTo(Status.NOT_STORED);
        assertThat(server.regions.space(RegionTable.DEFAULT_ID)).isEqualTo(2);
    }

    @Test
    void prefixCleared_refusesTheFill() throws Exception {
        RawClient client = client();
        long token = token(client.ask(lease("user:1")));

        client.ask(RequestFrame.of(Opcode.CLEAR).key("user:"));

        assertThat(client.ask(fill("user:1", "late", token)).status()).isEqualTo(Status.NOT_STORED);
        token(client.ask(lease("user:1")));
    }

    @Test
    void leaseTimeOver_isTheNextOnes_andTheLateFillLoses() throws Exception {
        long token = token(client().ask(lease("k").with(LEASE_MILLIS, 30)));

        RawClient next = client();
        next.send(waiting("k").bytes());

        long nextToken = token(next.reply());
        assertThat(clients.get(0).ask(fill("k", "late", token)).status())
                .isEqualTo(Status.NOT_STORED);
        assertThat(next.ask(fill("k", "new", nextToken)).status()).isEqualTo(Status.OK);
    }

    @Test
    void wait_over_isAnsweredLeaseOther() throws Exception {
        token(client().ask(lease("k")));

        assertThat(client().ask(lease("k").with(WAIT_MILLIS, 20)).status())
                .isEqualTo(Status.LEASE_OTHER);
        assertThat(figure("parked_requests")).isZero();
    }

    @Test
    void deadline_ofAParkedRequest_isAnsweredDeadline() throws Exception {
        token(client().ask(lease("k")));

        ReplyFrame reply = client().ask(waiting("k").deadlineMillis(20));

        assertThat(reply.status()).isEqualTo(Status.DEADLINE);
        assertThat(figure("parked_requests")).isZero();
    }

    @Test
    void parkedRequest_isOvertaken_butByNoBarrier() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient client = parked(waiting("k").id(1));
        assertThat(client.ask(RequestFrame.set("other", "o").id(2)).id()).isEqualTo(2);
        client.send(RequestFrame.of(Opcode.NOOP).id(3).bytes());
        assertThat(client.ask(RequestFrame.get("other").id(4)).id()).isEqualTo(4);

        clients.get(0).ask(fill("k", "v", token));

        assertThat(List.of(client.reply().id(), client.reply().id())).containsExactly(1, 3);
        assertThat(client.ask(RequestFrame.of(Opcode.NOOP).id(5)).id()).isEqualTo(5);
    }

    @Test
    void parkedRequest_ofAConnectionThatGoes_isForgotten() throws Exception {
        long token = token(client().ask(lease("k")));
        RawClient gone = parked(waiting("k"));

        gone.vanish(true);

        await().until(() -> figure("parked_requests") == 0);
        assertThat(clients.get(0).ask(fill("k", "v", token)).status()).isEqualTo(Status.OK);
    }

    @Test
    void inABatch_nothingWaits() throws Exception {
        token(client().ask(lease("k")));

        ReplyFrame reply = client().ask(RequestFrame.batch(waiting("k"), lease("other")));

        assertThat(ReplyFrame.all(reply.value()))
                .extracting(ReplyFrame::status)
                .containsExactly(Status.LEASE_OTHER, Status.LEASE_YOURS);
    }

    @Test
    void drain_answersParkedRequestsShuttingDown() throws Exception {
        token(client().ask(lease("k")));
        RawClient waiting = parked(waiting("k").id(9));

        Thread drain = new Thread(() -> server.frontend.gate().drain(10_000));
        drain.start();

        ReplyFrame reply = waiting.reply();
        assertThat(reply.status()).isEqualTo(Status.SHUTTING_DOWN);
        assertThat(reply.id()).isEqualTo(9);
        for (RawClient client : clients) {
            client.close();
        }
        drain.join();
    }

    @Test
    void parkedRequest_isAnsweredWithAValueInPieces() throws Exception {
        RawClient owner = client();
        long token = token(owner.ask(lease("k")));
        RawClient waiting = parked(waiting("k"));
        String value = "v".repeat(900_000);

        owner.ask(fill("k", value, token));

        assertThat(waiting.reply().text()).isEqualTo(value);
    }

    @Test
    void softRefresh_isGrantedToOne_whileTheOthersGetTheStaleValue() throws Exception {
        RawClient owner = client();
        owner.ask(RequestFrame.set("k", "old").with(SOFT_TTL, 1));
        RequestFrame refresh = RequestFrame.get("k").flags(SOFT_REFRESH);
        ReplyFrame first = ask(owner, refresh, Status.REFRESH_YOURS);
        assertThat(first.text()).isEqualTo("old");

        for (int i = 0; i < 5; i++) {
            ReplyFrame other = client().ask(refresh);
            assertThat(other.status()).isEqualTo(Status.OK_STALE);
            assertThat(other.text()).isEqualTo("old");
        }
        assertThat(client().ask(RequestFrame.get("k")).status()).isEqualTo(Status.OK);

        assertThat(owner.ask(fill("k", "new", first.number(LEASE))).status()).isEqualTo(Status.OK);
        assertThat(client().ask(refresh).text()).isEqualTo("new");
    }

    /** Asks until the store's clock, which ticks, is past the soft expiry. */
    private static ReplyFrame ask(RawClient client, RequestFrame request, Status wanted)
            throws Exception {
        ReplyFrame reply = client.ask(request);
        while (reply.status() != wanted) {
            assertThat(reply.status()).isEqualTo(Status.OK);
            reply = client.ask(request);
        }
        return reply;
    }

    @Test
    void clearOfAPrefixOrTag_hasTheNextWaiterLoad_andRefusesTheLateFill() throws Exception {
        RequestFrame tagged = lease("user:2").with(TAGS.code(), new byte[] {1, 't'});
        RequestFrame waitsTagged = waiting("user:2").with(TAGS.code(), new byte[] {1, 't'});
        RawClient loader = client();
        long byPrefix = token(loader.ask(lease("page:1")));
        long byTag = token(loader.ask(tagged));
        RawClient first = parked(waiting("page:1"));
        RawClient second = parked(waitsTagged);

        loader.ask(RequestFrame.of(Opcode.CLEAR, "page:"));
        long next = token(first.reply());
        long untouched = token(loader.ask(lease("user:3")));
        loader.ask(RequestFrame.of(Opcode.CLEAR).with(TAGS.code(), new byte[] {1, 't'}));
        token(second.reply());

        assertThat(loader.ask(fill("page:1", "old", byPrefix)).status())
                .isEqualTo(Status.NOT_STORED);
        assertThat(loader.ask(fill("user:2", "old", byTag)).status()).isEqualTo(Status.NOT_STORED);
        assertThat(loader.ask(fill("user:3", "v", untouched)).status()).isEqualTo(Status.OK);
        assertThat(first.ask(fill("page:1", "new", next)).status()).isEqualTo(Status.OK);
        assertThat(client().ask(lease("page:1")).text()).isEqualTo("new");
    }
}
