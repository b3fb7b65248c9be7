package io.larder.server.command;

import static io.larder.protocol.ExtensionType.EXPIRES_IN;
import static io.larder.protocol.ExtensionType.LEASE;
import static io.larder.protocol.ExtensionType.LEASE_MILLIS;
import static io.larder.protocol.ExtensionType.LEASE_TOKEN;
import static io.larder.protocol.ExtensionType.SOFT_EXPIRES_IN;
import static io.larder.protocol.ExtensionType.SOFT_TTL;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static io.larder.protocol.ExtensionType.WAIT_MILLIS;
import static io.larder.protocol.RequestFlag.ALLOW_STALE;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.MORE;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static io.larder.protocol.RequestFlag.SOFT_REFRESH;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import org.junit.jupiter.api.Test;

/** Leases, soft TTL and negative items as a session sees them that is answered at once. */
class LeaseCommandsTest {
    private final CommandFixture fixture = CommandFixture.open();

    private Status status(RequestFrame request) {
        return fixture.send(request).status();
    }

    private long lease() {
        ReplyFrame reply = fixture.send(RequestFrame.get("k").flags(LEASE_ON_MISS));
        assertThat(reply.status()).isEqualTo(Status.LEASE_YOURS);
        return reply.number(LEASE);
    }

    private static RequestFrame fill(long token) {
        return RequestFrame.set("k", "v").with(LEASE_TOKEN, token);
    }

    private static RequestFrame release(long token) {
        return RequestFrame.of(Opcode.RELEASE, "k").with(LEASE_TOKEN, token);
    }

    private void assertRefused(RequestFrame request, String text) {
        ReplyFrame reply = fixture.send(request);
        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text()).isEqualTo(text);
    }

    @Test
    void leaseRequest_thatMakesNoSense_isRefused() {
        RequestFrame get = RequestFrame.get("k").flags(LEASE_ON_MISS);
        assertRefused(get.with(LEASE_MILLIS, 0), "leaseMillis: 0 (expected: 1..300000)");
        assertRefused(
                RequestFrame.get("k").with(LEASE_MILLIS, 300_001),
                "leaseMillis: 300001 (expected: 1..300000)");
        assertRefused(
                RequestFrame.get("k").with(LEASE_MILLIS, 0xFFFF_FFFFL),
                "leaseMillis: 4294967295 (expected: 1..300000)");
        assertRefused(fill(0), "leaseToken: 0 (expected: what LEASE said)");
        assertRefused(
                RequestFrame.of(Opcode.RELEASE, "k"),
                "opcode: RELEASE (expected: with extension LEASE_TOKEN)");
        assertRefused(
                RequestFrame.set("k", "v").flags(NEGATIVE),
                "flags: NEGATIVE (expected: without a value)");
        assertRefused(
                RequestFrame.set("k", "").flags(NEGATIVE | MORE),
                "flags: NEGATIVE (expected: without a value)");
    }

    @Test
    void miss_withoutTheFlag_grantsNothing() {
        assertThat(status(RequestFrame.get("k"))).isEqualTo(Status.MISS);
        assertThat(status(RequestFrame.get("k").flags(SOFT_REFRESH))).isEqualTo(Status.MISS);
        assertThat(status(fill(1))).isEqualTo(Status.NOT_STORED);
    }

    @Test
    void wait_whereRepliesCannotComeLate_isLeaseOther() {
        lease();
        RequestFrame waiting =
                RequestFrame.get("k").flags(LEASE_ON_MISS | QUIET).with(WAIT_MILLIS, 1_000);

        assertThat(status(waiting)).isEqualTo(Status.LEASE_OTHER);
    }

    @Test
    void release_saysWhetherTheLeaseWasHeld() {
        long token = lease();

        assertThat(status(release(token + 1))).isEqualTo(Status.MISS);
        assertThat(status(release(token).flags(QUIET))).isEqualTo(Status.OK);
        assertThat(fixture.sendAll(release(token).flags(QUIET))).isEmpty();
        assertThat(status(fill(token))).isEqualTo(Status.NOT_STORED);
    }

    @Test
    void fill_afterTheLeasesTime_isNotStored() {
        RequestFrame get = RequestFrame.get("k").flags(LEASE_ON_MISS).with(LEASE_MILLIS, 50);
        long token = fixture.send(get).number(LEASE);
        fixture.nowMillis += 50;

        assertThat(status(fill(token))).isEqualTo(Status.NOT_STORED);
        assertThat(status(RequestFrame.get("k"))).isEqualTo(Status.MISS);
        lease();
    }

    @Test
    void fill_underConditions_isJudgedByTheLeaseFirst() {
        long token = lease();
        assertThat(status(fill(token).flags(ONLY_ABSENT))).isEqualTo(Status.OK);
        assertThat(status(fill(token).flags(ONLY_ABSENT))).isEqualTo(Status.NOT_STORED);
    }

    @Test
    void touch_ofTheKey_leavesTheLease_otherWritesEndIt() {
        fixture.send(RequestFrame.set("k", "1").with(SOFT_TTL, 5));
        fixture.nowMillis += 5;
        RequestFrame refresh = RequestFrame.get("k").flags(SOFT_REFRESH);
        long token = fixture.send(refresh).number(LEASE);
        fixture.send(RequestFrame.of(Opcode.TOUCH, "k").with(TTL, 60_000));
        assertThat(status(refresh)).isEqualTo(Status.OK_STALE);

        fixture.send(RequestFrame.of(Opcode.INCREMENT, "k"));

        assertThat(status(fill(token))).isEqualTo(Status.NOT_STORED);
        assertThat(status(refresh)).isEqualTo(Status.REFRESH_YOURS);
    }

    @Test
    void softTtl_isTold_andOnlyThoseWhoAskAreToldOfItsEnd() {
        fixture.send(RequestFrame.set("k", "v").with(SOFT_TTL, 40).with(TTL, 100));
        RequestFrame meta = RequestFrame.get("k").flags(RETURN_META | ALLOW_STALE);
        ReplyFrame fresh = fixture.send(meta);
        assertThat(fresh.status()).isEqualTo(Status.OK);
        assertThat(fresh.number(SOFT_EXPIRES_IN)).isEqualTo(40);
        assertThat(fresh.number(EXPIRES_IN)).isEqualTo(100);

        fixture.nowMillis += 60;

        ReplyFrame stale = fixture.send(meta);
        assertThat(stale.status()).isEqualTo(Status.OK_STALE);
        assertThat(stale.number(SOFT_EXPIRES_IN)).isZero();
        assertThat(stale.text()).isEqualTo("v");
        assertThat(status(RequestFrame.get("k"))).isEqualTo(Status.OK);
        long version = stale.number(VERSION);
        assertThat(
                        status(
                                RequestFrame.get("k")
                                        .flags(IF_VERSION | SOFT_REFRESH)
                                        .with(VERSION, version)))
                .isEqualTo(Status.NOT_MODIFIED);
        fixture.nowMillis += 40;
        assertThat(status(meta)).isEqualTo(Status.MISS);
    }

    @Test
    void negative_isNoMiss_andHasNoValue() {
        fixture.send(RequestFrame.set("k", "").flags(NEGATIVE).with(TTL, 100).with(SOFT_TTL, 1));
        fixture.nowMillis += 10;

        ReplyFrame reply =
                fixture.send(
                        RequestFrame.get("k").flags(LEASE_ON_MISS | SOFT_REFRESH | RETURN_META));

        assertThat(reply.status()).isEqualTo(Status.NEGATIVE);
        assertThat(reply.value()).isEmpty();
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(90);
        assertThat(status(RequestFrame.of(Opcode.GET_AND_TOUCH, "k").with(TTL, 500)))
                .isEqualTo(Status.NEGATIVE);
        fixture.nowMillis += 400;
        assertThat(status(RequestFrame.get("k").flags(QUIET))).isEqualTo(Status.NEGATIVE);
        assertThat(status(RequestFrame.of(Opcode.DELETE, "k"))).isEqualTo(Status.OK);
        lease();
    }
}
