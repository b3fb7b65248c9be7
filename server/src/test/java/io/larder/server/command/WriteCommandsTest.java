package io.larder.server.command;

import static io.larder.protocol.ExtensionType.CALLER_VERSION;
import static io.larder.protocol.ExtensionType.CLIENT_FLAGS;
import static io.larder.protocol.ExtensionType.EXPIRES_IN;
import static io.larder.protocol.ExtensionType.EXPIRE_AT;
import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.ExtensionType.RETRY_AFTER;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.store.Clock;
import io.larder.server.store.MapStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteCommandsTest {
    private final CommandFixture fixture = CommandFixture.open();

    private Status status(RequestFrame request) {
        return fixture.send(request).status();
    }

    private long versionOf(String key) {
        return fixture.send(RequestFrame.get(key).flags(RETURN_META)).number(VERSION);
    }

    private String valueOf(String key) {
        return fixture.send(RequestFrame.get(key)).text();
    }

    @Test
    void set_quiet_isStoredWithoutReply() {
        assertThat(fixture.sendAll(RequestFrame.set("k", "v").flags(QUIET))).isEmpty();
        assertThat(valueOf("k")).isEqualTo("v");
    }

    @Test
    void set_returnMeta_tellsVersionAndTimeLeft() {
        ReplyFrame reply =
                fixture.send(RequestFrame.set("k", "v").flags(RETURN_META).with(TTL, 1500));
        assertThat(reply.number(VERSION)).isEqualTo(versionOf("k"));
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(1500);
    }

    @Test
    void set_expireAtInThePast_leavesNothing() {
        fixture.send(RequestFrame.set("k", "v"));
        long aMomentAgo = Clock.EPOCH_UNIX_MILLIS + fixture.nowMillis - 1;
        for (long past : new long[] {aMomentAgo, 1, 0}) {
            RequestFrame set = RequestFrame.set("k", "w").flags(RETURN_META).with(EXPIRE_AT, past);
            assertThat(fixture.send(set).extensions()).containsOnlyKeys(VERSION);
            assertThat(status(RequestFrame.get("k"))).isEqualTo(Status.MISS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // flags,                   present, version, expected status
        "ONLY_ABSENT,                    no,       , OK",
        "ONLY_ABSENT,                   yes,       , EXISTS",
        "ONLY_PRESENT,                   no,       , MISS",
        "ONLY_PRESENT,                  yes,       , OK",
        "IF_VERSION,                    yes,  right, OK",
        "IF_VERSION,                    yes,  wrong, VERSION_MISMATCH",
        "IF_VERSION,                     no,  wrong, MISS",
        "IF_VERSION,                     no, absent, OK",
        "IF_VERSION,                    yes, absent, VERSION_MISMATCH",
        "IF_VERSION|ONLY_PRESENT,       yes,  right, OK",
        "IF_VERSION|ONLY_PRESENT,        no, absent, MISS",
        "IF_VERSION|ONLY_PRESENT,       yes, absent, VERSION_MISMATCH",
        "IF_VERSION|ONLY_ABSENT,         no, absent, OK",
        "IF_VERSION|ONLY_ABSENT,        yes, absent, EXISTS",
        "IF_VERSION|ONLY_ABSENT,        yes,  right, EXISTS",
        "IF_VERSION|ONLY_ABSENT,         no,  wrong, MISS",
    })
    void set_conditions_areJudgedInOrder(
            String flags, String present, String version, Status expected) {
        long expectedVersion = 1;
        if (present.equals("yes")) {
            fixture.send(RequestFrame.set("k", "v"));
            expectedVersion = versionOf("k");
        }
        RequestFrame set = RequestFrame.set("k", "w").flags(bits(flags));
        if (version != null) {
            set.with(
                    VERSION,
                    switch (version) {
                        case "right" -> expectedVersion;
                        case "wrong" -> expectedVersion + 1;
                        default -> 0;
                    });
        }
        ReplyFrame reply = fixture.send(set);
        assertThat(reply.status()).isEqualTo(expected);
        if (expected == Status.VERSION_MISMATCH) {
            assertThat(reply.number(VERSION)).isEqualTo(expectedVersion);
        } else {
            assertThat(reply.extensions()).isEmpty();
        }
        boolean isThere = present.equals("yes") || expected == Status.OK;
        assertThat(status(RequestFrame.get("k"))).isEqualTo(isThere ? Status.OK : Status.MISS);
        if (isThere) {
            assertThat(valueOf("k")).isEqualTo(expected == Status.OK ? "w" : "v");
        }
    }

    private static int bits(String flags) {
        int bits = 0;
        for (String flag : flags.split("\\|", -1)) {
            bits |=
                    switch (flag) {
                        case "IF_VERSION" -> IF_VERSION;
                        case "IF_NEWER" -> IF_NEWER;
                        case "ONLY_ABSENT" -> ONLY_ABSENT;
                        case "ONLY_PRESENT" -> ONLY_PRESENT;
                        default -> throw new IllegalArgumentException(flag);
                    };
        }
        return bits;
    }

    @ParameterizedTest
    @CsvSource({
        // stored, offered, expected
        "absent,  0,  OK",
        "absent,  7,  OK",
        "0,       0,  OK",
        "0,       7,  OK",
        "7,       0,  NOT_NEWER",
        "7,       7,  NOT_NEWER",
        "7,       8,  OK",
        "7,      -1,  OK",
        "-1,     -1,  NOT_NEWER",
        "-1,      8,  NOT_NEWER",
    })
    void set_ifNewer_comparesUnsigned(String stored, long offered, Status expected) {
        if (!stored.equals("absent")) {
            RequestFrame first = RequestFrame.set("k", "v");
            fixture.send(first.with(CALLER_VERSION, Long.parseLong(stored)));
        }
        ReplyFrame reply =
                fixture.send(
                        RequestFrame.set("k", "w").flags(IF_NEWER).with(CALLER_VERSION, offered));
        assertThat(reply.status()).isEqualTo(expected);
        if (expected == Status.NOT_NEWER) {
            assertThat(reply.number(CALLER_VERSION)).isEqualTo(Long.parseLong(stored));
            assertThat(valueOf("k")).isEqualTo("v");
        } else {
            assertThat(valueOf("k")).isEqualTo("w");
        }
    }

    @Test
    void set_ifNewerAndOnlyPresent_needsBoth() {
        RequestFrame set =
                RequestFrame.set("k", "w").flags(IF_NEWER | ONLY_PRESENT).with(CALLER_VERSION, 5);
        assertThat(status(set)).isEqualTo(Status.MISS);
        fixture.send(RequestFrame.set("k", "v").with(CALLER_VERSION, 5));
        assertThat(status(set)).isEqualTo(Status.NOT_NEWER);
        fixture.send(RequestFrame.set("k", "v").with(CALLER_VERSION, 4));
        assertThat(status(set)).isEqualTo(Status.OK);
        assertThat(valueOf("k")).isEqualTo("w");
    }

    @Test
    void set_ifNewerAndIfVersion_needsBothInThatOrder() {
        fixture.send(RequestFrame.set("k", "v").with(CALLER_VERSION, 5));
        long version = versionOf("k");
        int both = IF_NEWER | IF_VERSION;
        RequestFrame wrong = RequestFrame.set("k", "w").flags(both);
        wrong.with(CALLER_VERSION, 5).with(VERSION, version + 1);
        assertThat(status(wrong)).isEqualTo(Status.VERSION_MISMATCH);
        RequestFrame old = RequestFrame.set("k", "w").flags(both);
        old.with(CALLER_VERSION, 5).with(VERSION, version);
        assertThat(status(old)).isEqualTo(Status.NOT_NEWER);
        RequestFrame right = RequestFrame.set("k", "w").flags(both);
        right.with(CALLER_VERSION, 6).with(VERSION, version);
        assertThat(status(right)).isEqualTo(Status.OK);
    }

    @Test
    void delete_present_isGone() {
        fixture.send(RequestFrame.set("k", "v"));
        assertThat(status(RequestFrame.of(Opcode.DELETE, "k"))).isEqualTo(Status.OK);
        assertThat(status(RequestFrame.get("k"))).isEqualTo(Status.MISS);
        assertThat(status(RequestFrame.of(Opcode.DELETE, "k"))).isEqualTo(Status.MISS);
    }

    @Test
    void delete_ifVersion_onlyOfThatVersion() {
        fixture.send(RequestFrame.set("k", "v"));
        long version = versionOf("k");
        for (long wrong : new long[] {0, version + 1}) {
            ReplyFrame reply =
                    fixture.send(
                            RequestFrame.of(Opcode.DELETE, "k")
                                    .flags(IF_VERSION)
                                    .with(VERSION, wrong));
            assertThat(reply.status()).isEqualTo(Status.VERSION_MISMATCH);
            assertThat(reply.number(VERSION)).isEqualTo(version);
        }
        RequestFrame right = RequestFrame.of(Opcode.DELETE, "k").flags(IF_VERSION);
        right.with(VERSION, version);
        assertThat(status(right)).isEqualTo(Status.OK);
        assertThat(status(right)).isEqualTo(Status.MISS);
    }

    @Test
    void touch_present_livesOnAndKeepsItsVersion() {
        fixture.send(RequestFrame.set("k", "v").with(TTL, 10));
        long version = versionOf("k");
        RequestFrame touch = RequestFrame.of(Opcode.TOUCH, "k").flags(RETURN_META);
        ReplyFrame reply = fixture.send(touch.with(TTL, 100));
        assertThat(reply.number(VERSION)).isEqualTo(version);
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(100);
        fixture.nowMillis += 99;
        assertThat(versionOf("k")).isEqualTo(version);
    }

    @Test
    void touch_ifVersion_onlyOfThatVersion() {
        fixture.send(RequestFrame.set("k", "v").with(TTL, 10));
        RequestFrame touch = RequestFrame.of(Opcode.TOUCH, "k").flags(IF_VERSION);
        touch.with(VERSION, versionOf("k") + 1).with(TTL, 100);
        assertThat(status(touch)).isEqualTo(Status.VERSION_MISMATCH);
        fixture.nowMillis += 10;
        assertThat(status(touch)).isEqualTo(Status.MISS);
    }

    @Test
    void appendAndPrepend_extendAndKeepTheRest() {
        fixture.send(RequestFrame.set("k", "b").with(TTL, 10).with(CLIENT_FLAGS, 9));
        ReplyFrame reply =
                fixture.send(RequestFrame.of(Opcode.APPEND, "k").value("c").flags(RETURN_META));
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(10);
        assertThat(status(RequestFrame.of(Opcode.PREPEND, "k").value("a"))).isEqualTo(Status.OK);
        assertThat(valueOf("k")).isEqualTo("abc");
        assertThat(fixture.send(RequestFrame.get("k")).number(CLIENT_FLAGS)).isEqualTo(9);
        fixture.nowMillis += 10;
        assertThat(status(RequestFrame.of(Opcode.APPEND, "k").value("c"))).isEqualTo(Status.MISS);
    }

    @Test
    void write_whenThereIsNoRoom_isBusyAndSaysWhenToRetry() {
        fixture.store.busy(true);
        ReplyFrame reply = fixture.send(RequestFrame.set("k", "v").flags(QUIET));
        assertThat(reply.status()).isEqualTo(Status.BUSY);
        assertThat(reply.number(RETRY_AFTER)).isEqualTo(5);
        assertThat(reply.text()).isEqualTo("free segments: 0 (expected: from 1)");
    }

    @Test
    void set_valueOverTheLimit_isTooLargeAndNamesIt() {
        CommandFixture small =
                new CommandFixture(
                                new MapStore(), CommandLimits.DEFAULT.withValueBytesMax(64 << 10))
                        .greet();
        RequestFrame set = RequestFrame.of(Opcode.SET, "k");
        assertThat(small.send(set.value(new byte[64 << 10])).status()).isEqualTo(Status.OK);
        ReplyFrame reply = small.send(set.value(new byte[(64 << 10) + 1]));
        assertThat(reply.status()).isEqualTo(Status.TOO_LARGE);
        assertThat(reply.number(LIMIT)).isEqualTo(64 << 10);
        assertThat(reply.text()).isEqualTo("valueLength: 65537 (expected: 0..65536)");
    }

    @Test
    void write_valueOverTheStoresLimit_isTooLargeAndNamesIt() {
        CommandFixture small =
                new CommandFixture(new MapStore(4096), CommandLimits.DEFAULT).greet();
        ReplyFrame reply = small.send(RequestFrame.of(Opcode.SET, "k").value(new byte[4097]));
        assertThat(reply.status()).isEqualTo(Status.TOO_LARGE);
        assertThat(reply.number(LIMIT)).isEqualTo(4096);
        small.send(RequestFrame.of(Opcode.SET, "k").value(new byte[3000]));
        ReplyFrame appended = small.send(RequestFrame.of(Opcode.APPEND, "k").value(new byte[3000]));
        assertThat(appended.status()).isEqualTo(Status.TOO_LARGE);
        assertThat(small.send(RequestFrame.get("k")).value()).hasSize(3000);
    }
}
