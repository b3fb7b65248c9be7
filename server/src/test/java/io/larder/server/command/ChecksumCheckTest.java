package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.FEATURE_CHECKSUMS;
import static io.larder.protocol.ProtocolLimits.FEATURE_PIECES;
import static io.larder.protocol.ProtocolLimits.PIECE_BYTES;
import static io.larder.protocol.RequestFlag.MORE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.GoldenVectors;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.LarderStore;
import io.larder.server.store.StoreConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that were damaged on the way, and values whose checksums tell. */
class ChecksumCheckTest {
    private final CommandFixture fixture = new CommandFixture().greet(FEATURE_CHECKSUMS);

    /** The frame with one bit of one byte turned over. */
    private static byte[] damaged(RequestFrame request, int offset) {
        byte[] frame = request.bytes();
        frame[offset] ^= 0x10;
        return frame;
    }

    private ReplyFrame only(byte[] request) {
        List<ReplyFrame> replies = ReplyFrame.all(fixture.exchange(request));
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    @Test
    void get_isAnsweredAsWritten() {
        fixture.nowMillis = 0;
        fixture.store.nextVersion(0x0123456789ABL);
        fixture.send(RequestFrame.set("k", "v").summed());

        assertThat(fixture.exchange(GoldenVectors.load("get_checksum").request()))
                .isEqualTo(GoldenVectors.load("get_checksum").reply());
    }

    @Test
    void set_damagedAnywhereInItsBody_isRefused_andStoresNothing() {
        RequestFrame set = RequestFrame.set("key", "value").with(ExtensionType.TTL, 1).summed();
        for (int offset = ProtocolLimits.HEADER_BYTES; offset < set.bytes().length; offset++) {
            assertThat(only(damaged(set, offset)).status())
                    .describedAs("byte %d", offset)
                    .isEqualTo(Status.CHECKSUM_MISMATCH);
        }

        assertThat(fixture.send(RequestFrame.get("key").summed()).status()).isEqualTo(Status.MISS);
        assertThat(fixture.send(set).status()).isEqualTo(Status.OK);
    }

    @Test
    void deleteOfAnotherKeyThanWasSent_deletesNothing() {
        fixture.send(RequestFrame.set("a", "v").summed());
        RequestFrame delete = RequestFrame.of(Opcode.DELETE, "q").summed(); // 'q' ^ 0x10 is 'a'

        assertThat(only(damaged(delete, delete.bytes().length - 1)).status())
                .isEqualTo(Status.CHECKSUM_MISMATCH);
        assertThat(fixture.send(RequestFrame.get("a").summed()).text()).isEqualTo("v");
    }

    @Test
    void requestWithoutChecksum_isRefusedWhereTheyWereAgreedOn_andOnlyThere() {
        assertThat(fixture.send(RequestFrame.set("k", "v")).status())
                .isEqualTo(Status.CHECKSUM_MISMATCH);
        assertThat(fixture.send(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);

        CommandFixture plain = CommandFixture.open();
        assertThat(plain.send(RequestFrame.set("k", "v")).status()).isEqualTo(Status.OK);
        assertThat(plain.send(RequestFrame.set("k", "v").summed()).status()).isEqualTo(Status.OK);
        assertThat(plain.send(RequestFrame.get("k").summed()).extensions()).isEmpty();
    }

    @Test
    void checksumThatIsNotTheFirstExtension_isBad() {
        CommandFixture plain = CommandFixture.open();
        RequestFrame late =
                RequestFrame.set("k", "v")
                        .with(ExtensionType.TTL, 5)
                        .with(ExtensionType.CHECKSUM, 0);

        assertThat(plain.send(late).status()).isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void batch_refusesTheDamagedOperation_andDoesTheOthers() {
        RequestFrame batch =
                RequestFrame.batch(
                        RequestFrame.set("a", "v").id(1).summed(),
                        RequestFrame.get("a").id(2).summed(),
                        RequestFrame.set("b", "v").id(3).summed());
        List<ReplyFrame> inside =
                ReplyFrame.all(only(damaged(batch, batch.bytes().length - 1)).value());

        assertThat(inside)
                .extracting(ReplyFrame::status)
                .containsExactly(Status.OK, Status.OK, Status.CHECKSUM_MISMATCH);
        assertThat(inside.get(1).number(ExtensionType.CHECKSUM)).isNotZero();
    }

    @Test
    void piece_thatIsDamaged_endsTheValue() {
        RequestFrame first =
                RequestFrame.set("k", "12345")
                        .id(7)
                        .flags(MORE)
                        .with(ExtensionType.VALUE_LENGTH, 10)
                        .summed();
        RequestFrame last = RequestFrame.of(Opcode.SET).id(7).value("67890").summed();
        LarderStore larder = LarderStore.open(StoreConfig.MEMORY_BYTES_MIN);
        CommandFixture server = over(larder);
        assertThat(server.sendAll(first)).isEmpty();
        List<ReplyFrame> replies =
                ReplyFrame.all(server.exchange(damaged(last, last.bytes().length - 1)));
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).status()).isEqualTo(Status.CHECKSUM_MISMATCH);
        assertThat(server.send(RequestFrame.get("k").summed()).status()).isEqualTo(Status.MISS);

        assertThat(server.sendAll(first)).isEmpty();
        assertThat(server.send(last).status()).isEqualTo(Status.OK);
        assertThat(server.send(RequestFrame.get("k").summed()).text()).isEqualTo("1234567890");
        server.session.release();
        larder.close();
    }

    @Test
    void valueInPieces_hasAChecksumInEach() {
        LarderStore larder = LarderStore.open(StoreConfig.MEMORY_BYTES_MIN);
        CommandFixture server = over(larder);
        byte[] value = "0123456789".repeat(PIECE_BYTES / 4).getBytes(UTF_8);
        assertThat(server.send(RequestFrame.of(Opcode.SET, "k").value(value).summed()).status())
                .isEqualTo(Status.OK);
        ByteBuf out =
                Unpooled.buffer()
                        .writeBytes(server.exchange(RequestFrame.get("k").summed().bytes()));
        int pieces = 0;
        assertThat(FrameChecksum.isSound(out, 0)).isTrue();
        while (!server.session.outgoing().isEmpty()) {
            int bytes = server.session.outgoing().nextFrameBytes();
            ByteBuf piece = Unpooled.directBuffer(bytes, bytes);
            server.session.outgoing().writeNext(piece);
            assertThat(FrameChecksum.isSound(piece, 0)).isTrue();
            assertThat(FrameHeader.frameBytes(piece, 0)).isEqualTo(bytes);
            piece.setByte(bytes - 1, piece.getByte(bytes - 1) ^ 1);
            assertThat(FrameChecksum.isSound(piece, 0)).isFalse();
            piece.release();
            pieces++;
        }

        assertThat(pieces).isEqualTo(3);
        server.session.release();
        larder.close();
    }

    /** With segments, as values in pieces want them. */
    private static CommandFixture over(LarderStore larder) {
        return new CommandFixture(larder.store(), CommandLimits.DEFAULT)
                .greet(FEATURE_CHECKSUMS, FEATURE_PIECES);
    }
}
