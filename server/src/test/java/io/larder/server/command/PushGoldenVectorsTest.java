package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.FEATURE_PUSH;
import static io.larder.protocol.RequestFlag.TRACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.GoldenVectors;
import io.larder.protocol.Opcode;
import io.larder.server.push.PushRights;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The protocol's examples of pushes and what belongs to them, byte by byte. */
class PushGoldenVectorsTest {
    private final CommandFixture fixture = new CommandFixture().greet(FEATURE_PUSH);

    private static byte[] reply(String name) {
        return GoldenVectors.load(name).reply();
    }

    private byte[] pushed() {
        ByteBuf out = Unpooled.buffer();
        Objects.requireNonNull(fixture.session.pushes()).writeTo(out, PushRights.ALL);
        return ByteBufUtil.getBytes(out);
    }

    @Test
    void invalidate_followsTheTrackedRead() {
        fixture.nowMillis = 0;
        fixture.store.nextVersion(0x0123456789ABL);
        fixture.send(RequestFrame.set("k", "v"));
        assertThat(fixture.exchange(GoldenVectors.load("get_track").request()))
                .isEqualTo(reply("get_track"));
        assertThat(pushed()).isEmpty();

        fixture.pushes.changed(fixture.key(fixture.regions.space(0), "k"));
        assertThat(pushed()).isEqualTo(reply("push_invalidate"));
        fixture.pushes.changed(fixture.key(fixture.regions.space(0), "k"));
        assertThat(pushed()).isEmpty();
    }

    @Test
    void invalidateAll_followsAClear() {
        fixture.send(RequestFrame.of(Opcode.OPEN_REGION, "r1"));
        fixture.regions.onCleared(fixture.pushes::cleared);
        fixture.send(RequestFrame.get("k").region(1).flags(TRACK));
        fixture.send(RequestFrame.of(Opcode.CLEAR).region(1));

        assertThat(pushed()).isEqualTo(reply("push_invalidateAll"));
    }

    @Test
    void sync_repeatsTheLastNumber() {
        for (int i = 0; i < 3; i++) {
            fixture.send(RequestFrame.get("k").flags(TRACK));
            fixture.pushes.cleared(0);
            assertThat(pushed()).isNotEmpty();
        }

        assertThat(fixture.exchange(GoldenVectors.load("sync").request())).isEqualTo(reply("sync"));
    }
}
