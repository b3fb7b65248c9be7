package io.larder.server.command;

import static io.larder.protocol.ExtensionType.CALLER_VERSION;
import static io.larder.protocol.ExtensionType.EXPIRE_AT;
import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {
    private final CommandFixture fixture = CommandFixture.open();

    private void assertRefused(RequestFrame request, Status status, String text) {
        ReplyFrame reply = fixture.send(request.id(0xABCDEF01));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).isEqualTo(text);
        assertThat(reply.id()).isEqualTo(0xABCDEF01);
        assertThat(fixture.session.isClosing()).isFalse();
        assertThat(fixture.send(RequestFrame.get("absent")).status()).isEqualTo(Status.MISS);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x00",
        "0x07, 0x07",
        "0x7F, 0x7F",
        "0x80, INVALIDATE",
        "0x84, GOAWAY",
        "0xFF, 0xFF"
    })
    void opcode_notInUse_isRefusedByName(String code, String name) {
        assertRefused(
                RequestFrame.of(Integer.decode(code)),
                Status.UNKNOWN_OPCODE,
                "opcode: " + name + " (expected: one in use)");
    }

    @Test
    void flag_notInUse_isRefusedByName() {
        assertRefused(
                RequestFrame.get("k").flags(RequestFlag.ONLY_ABSENT | RequestFlag.QUIET),
                Status.UNKNOWN_FLAG,
                "flags: ONLY_ABSENT (expected: QUIET|NO_TOUCH|IF_VERSION|ALLOW_STALE|LEASE_ON_MISS"
                        + "|SOFT_REFRESH|TRACK|RETURN_META)");
        assertRefused(
                RequestFrame.of(Opcode.PING).flags(0x8001),
                Status.UNKNOWN_FLAG,
                "flags: QUIET|0x8000 (expected: none)");
        assertRefused(
                RequestFrame.of(Opcode.DELETE, "k").flags(RequestFlag.ONLY_ABSENT),
                Status.UNKNOWN_FLAG,
                "flags: ONLY_ABSENT (expected: QUIET|IF_VERSION)");
    }

    @Test
    void extension_criticalAndUnknown_isRefusedByName() {
        assertRefused(
                RequestFrame.get("k").with(0xFE, new byte[0]),
                Status.UNKNOWN_EXTENSION,
                "extension: 0xFE (expected: one in use)");
        assertRefused(
                RequestFrame.of(Opcode.PING).with(0xFE, new byte[8]),
                Status.UNKNOWN_EXTENSION,
                "extension: 0xFE (expected: one in use)");
    }

    @Test
    void extension_unknownButNotCritical_isSkipped() {
        RequestFrame set = RequestFrame.set("k", "v").with(0x7E, new byte[300]).with(TTL, 10);
        assertThat(fixture.send(set).status()).isEqualTo(Status.OK);
        fixture.nowMillis += 10;
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81", // type only
                "8100", // half a length
                "810008", // no value
                "81000800000000000005", // value too short for the section
                "81FFFF0000000000000500", // length with the sign bit set
                "8100070000000000000005", // not the type's length
                "810000", // length 0
                "810008000000000000000581000800000000000005DC", // twice
            })
    void extension_malformed_isBadRequest(String hex) {
        byte[] extensions = HexFormat.of().parseHex(hex);
        ReplyFrame reply = fixture.send(RequestFrame.set("k", "v").extensions(extensions));
        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text()).startsWith("extension: ");
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }

    @Test
    void extensions_overTheLimit_areTooLarge() {
        RequestFrame most = RequestFrame.get("k").with(0x7E, new byte[1021]);
        assertThat(fixture.send(most).status()).isEqualTo(Status.MISS);
        for (int bytes : new int[] {1022, 0x7FFF - 3, 0x8000 - 3, 0xFFFF - 3}) {
            ReplyFrame reply = fixture.send(RequestFrame.get("k").with(0x7E, new byte[bytes]));
            assertThat(reply.status()).isEqualTo(Status.TOO_LARGE);
            assertThat(reply.number(LIMIT)).isEqualTo(1024);
            assertThat(reply.text())
                    .isEqualTo("extensionLength: " + (bytes + 3) + " (expected: 0..1024)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 0x7FFF, 0x8000, 0xFFFF})
    void key_ofNoOrTooManyBytes_isRefusedAndNamesTheLimit(int keyBytes) {
        for (Opcode opcode : Opcode.values()) {
            if (opcode.isBatchable()) {
                ReplyFrame reply = fixture.send(RequestFrame.of(opcode).key(new byte[keyBytes]));
                assertThat(reply.status()).isEqualTo(Status.KEY_LENGTH);
                assertThat(reply.number(LIMIT)).isEqualTo(4095);
                assertThat(reply.text())
                        .isEqualTo("keyLength: " + keyBytes + " (expected: 1..4095)");
            }
        }
    }

    @Test
    void key_ofTheMostBytes_isTaken() {
        byte[] key = new byte[4095];
        assertThat(fixture.send(RequestFrame.of(Opcode.SET).key(key).value("v")).status())
                .isEqualTo(Status.OK);
        assertThat(fixture.send(RequestFrame.of(Opcode.GET).key(key)).text()).isEqualTo("v");
    }

    @Test
    void value_whereNoneBelongs_isRefused() {
        for (Opcode opcode :
                List.of(Opcode.GET, Opcode.GET_AND_TOUCH, Opcode.DELETE, Opcode.TOUCH)) {
            assertRefused(
                    RequestFrame.of(opcode, "k").value("xy"),
                    Status.BAD_REQUEST,
                    "valueLength: 2 (expected: 0)");
        }
    }

    @Test
    void flagsAndExtensions_thatContradict_areRefusedByName() {
        int both = RequestFlag.ONLY_ABSENT | RequestFlag.ONLY_PRESENT;
        assertRefused(
                RequestFrame.set("k", "v").flags(both),
                Status.BAD_REQUEST,
                "flags: ONLY_ABSENT|ONLY_PRESENT (expected: one of them)");
        assertRefused(
                RequestFrame.get("k").flags(RequestFlag.IF_VERSION).with(CALLER_VERSION, 1),
                Status.BAD_REQUEST,
                "flags: IF_VERSION (expected: with extension VERSION)");
        assertRefused(
                RequestFrame.set("k", "v").flags(RequestFlag.IF_NEWER).with(VERSION, 1),
                Status.BAD_REQUEST,
                "flags: IF_NEWER (expected: with extension CALLER_VERSION)");
        assertRefused(
                RequestFrame.set("k", "v").with(TTL, 1).with(EXPIRE_AT, 1),
                Status.BAD_REQUEST,
                "extensions: TTL and EXPIRE_AT (expected: one of them)");
    }

    @Test
    void deadline_passedWhileQueued_isToldAndNothingIsDone() {
        fixture.session.startBatch(fixture.nowMillis);
        fixture.nowMillis += 51;
        List<ReplyFrame> late =
                fixture.sendAll(
                        RequestFrame.set("a", "v").deadlineMillis(50),
                        RequestFrame.set("b", "v").deadlineMillis(51),
                        RequestFrame.set("c", "v"),
                        RequestFrame.batch(
                                        RequestFrame.set("d", "v"),
                                        RequestFrame.set("e", "v").deadlineMillis(99))
                                .deadlineMillis(50));
        assertThat(late)
                .extracting(ReplyFrame::status)
                .containsExactly(Status.DEADLINE, Status.OK, Status.OK, Status.DEADLINE);
        assertThat(late.get(0).text()).isEqualTo("waitedMillis: 51 (expected: 0..50)");
        assertThat(fixture.send(RequestFrame.get("a")).status()).isEqualTo(Status.MISS);
        assertThat(fixture.send(RequestFrame.get("b")).status()).isEqualTo(Status.OK);
    }

    @Test
    void deadline_ofWhatWasHeldBack_countsFromItsArrival() {
        fixture.session.startBatch(fixture.nowMillis);
        fixture.dispatcher.endBatch(fixture.session, true);
        fixture.nowMillis += 51;
        assertThat(fixture.send(RequestFrame.get("k").deadlineMillis(50)).status())
                .isEqualTo(Status.DEADLINE);
        assertThat(fixture.send(RequestFrame.get("k").deadlineMillis(50)).status())
                .isEqualTo(Status.MISS);
    }

    @Test
    void handler_thatThrows_isInternalAndCounted() {
        fixture.store.fault(new IllegalStateException("boom"));
        ReplyFrame reply = fixture.send(RequestFrame.get("k").id(5));
        assertThat(reply.status()).isEqualTo(Status.INTERNAL);
        assertThat(reply.id()).isEqualTo(5);
        assertThat(reply.text())
                .isEqualTo("fault: java.lang.IllegalStateException (expected: none)");
        assertThat(fixture.errors.count()).isEqualTo(1);
        fixture.store.fault(null);
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }
}
