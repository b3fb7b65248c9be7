package io.larder.server.command;

import static io.larder.protocol.ExtensionType.CALLER_VERSION;
import static io.larder.protocol.ExtensionType.CLIENT_FLAGS;
import static io.larder.protocol.ExtensionType.EXPIRES_IN;
import static io.larder.protocol.ExtensionType.EXPIRE_AT;
import static io.larder.protocol.ExtensionType.FORMAT;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadCommandsTest {
    private final CommandFixture fixture = CommandFixture.open();

    @Test
    void get_present_isItsValue() {
        fixture.send(RequestFrame.set("k", "value"));
        ReplyFrame reply = fixture.send(RequestFrame.get("k").id(77));
        assertThat(reply.status()).isEqualTo(Status.OK);
        assertThat(reply.opcode()).isEqualTo(Opcode.GET);
        assertThat(reply.id()).isEqualTo(77);
        assertThat(reply.text()).isEqualTo("value");
        assertThat(reply.extensions()).isEmpty();
    }

    @Test
    void get_absent_isMiss() {
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
        assertThat(fixture.sendAll(RequestFrame.get("k").flags(QUIET))).isEmpty();
    }

    @Test
    void get_quietAndPresent_isAnswered() {
        fixture.send(RequestFrame.set("k", ""));
        ReplyFrame reply = fixture.send(RequestFrame.get("k").flags(QUIET));
        assertThat(reply.status()).isEqualTo(Status.OK);
        assertThat(reply.value()).isEmpty();
    }

    @Test
    void get_expired_isMiss() {
        fixture.send(RequestFrame.set("k", "v").with(TTL, 10));
        fixture.nowMillis += 9;
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.OK);
        fixture.nowMillis += 1;
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }

    @Test
    void get_withFlagsAndFormat_returnsThem() {
        fixture.send(RequestFrame.set("k", "v").with(CLIENT_FLAGS, 0xCAFEBABEL).with(FORMAT, 0x21));
        ReplyFrame reply = fixture.send(RequestFrame.get("k"));
        assertThat(reply.text()).isEqualTo("v");
        assertThat(reply.extensions())
                .containsOnly(
                        java.util.Map.entry(CLIENT_FLAGS, 0xCAFEBABEL),
                        java.util.Map.entry(FORMAT, 0x21L));
    }

    @Test
    void get_returnMeta_tellsVersionAndTimeLeft() {
        fixture.store.nextVersion(1L << 47);
        fixture.send(RequestFrame.set("k", "v").with(TTL, 1500).with(CALLER_VERSION, -2));
        fixture.nowMillis += 500;
        ReplyFrame reply = fixture.send(RequestFrame.get("k").flags(RETURN_META));
        assertThat(reply.number(VERSION)).isEqualTo(1L << 47);
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(1000);
        assertThat(reply.number(CALLER_VERSION)).isEqualTo(-2);
    }

    @Test
    void get_returnMetaOfWhatNeverExpires_saysSo() {
        fixture.send(RequestFrame.set("k", "v"));
        ReplyFrame reply = fixture.send(RequestFrame.get("k").flags(RETURN_META));
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(ProtocolLimits.TTL_NEVER);
        assertThat(reply.extensions()).doesNotContainKey(CALLER_VERSION);
    }

    @Test
    void get_ifVersion_returnsTheValueOnlyIfItChanged() {
        long version = fixture.send(RequestFrame.set("k", "v").flags(RETURN_META)).number(VERSION);
        RequestFrame same = RequestFrame.get("k").flags(IF_VERSION).with(VERSION, version);
        ReplyFrame unchanged = fixture.send(same);
        assertThat(unchanged.status()).isEqualTo(Status.NOT_MODIFIED);
        assertThat(unchanged.value()).isEmpty();
        fixture.send(RequestFrame.set("k", "w"));
        assertThat(fixture.send(same).text()).isEqualTo("w");
        RequestFrame none = RequestFrame.get("k").flags(IF_VERSION).with(VERSION, 0);
        assertThat(fixture.send(none).text()).isEqualTo("w");
    }

    @Test
    void getAndTouch_present_isItsValueAndLivesOn() {
        fixture.send(RequestFrame.set("k", "v").with(TTL, 10));
        RequestFrame touch = RequestFrame.of(Opcode.GET_AND_TOUCH, "k").with(TTL, 100);
        assertThat(fixture.send(touch).text()).isEqualTo("v");
        fixture.nowMillis += 99;
        ReplyFrame reply = fixture.send(RequestFrame.get("k").flags(RETURN_META));
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(1);
    }

    @Test
    void getAndTouch_toThePast_isItsValueAndGone() {
        fixture.send(RequestFrame.set("k", "v"));
        RequestFrame touch =
                RequestFrame.of(Opcode.GET_AND_TOUCH, "k").flags(RETURN_META).with(EXPIRE_AT, 5);
        ReplyFrame reply = fixture.send(touch);
        assertThat(reply.text()).isEqualTo("v");
        assertThat(reply.extensions()).containsOnlyKeys(VERSION);
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }

    @Test
    void getAndTouch_absent_isMiss() {
        RequestFrame touch = RequestFrame.of(Opcode.GET_AND_TOUCH, "k").with(TTL, 100);
        assertThat(fixture.send(touch).status()).isEqualTo(Status.MISS);
        assertThat(fixture.sendAll(touch.flags(QUIET))).isEmpty();
    }

    @Test
    void get_largeValueIntoASmallBuffer_isWhole() {
        byte[] value = new byte[300_000];
        new Random(1).nextBytes(value);
        fixture.send(RequestFrame.of(Opcode.SET, "k").value(value));
        assertThat(fixture.send(RequestFrame.get("k")).value()).isEqualTo(value);
    }

    @Test
    void get_intoAnyKindOfBuffer_isTheSame() {
        fixture.send(RequestFrame.set("k", "value").with(FORMAT, 3));
        byte[] expected = fixture.exchange(RequestFrame.get("k").bytes());
        byte[] request = RequestFrame.get("k").bytes();
        ByteBuf heap = Unpooled.buffer();
        fixture.carryOut(Unpooled.wrappedBuffer(request), heap);
        assertThat(ByteBufUtil.getBytes(heap)).isEqualTo(expected);
        ByteBuf out = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(4096)).clear();
        ByteBuf in =
                Unpooled.wrappedBuffer(
                        ByteBuffer.allocateDirect(64).put(request).flip().asReadOnlyBuffer());
        fixture.carryOut(in, out);
        assertThat(ByteBufUtil.getBytes(out)).isEqualTo(expected);
    }
}
