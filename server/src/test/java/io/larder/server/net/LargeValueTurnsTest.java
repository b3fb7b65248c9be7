package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * A small request overtakes a large value on its connection, also of a client that reads slowly.
 */
class LargeValueTurnsTest {
    private static final int PIECES = 128; // 8 MiB, far beyond what socket and channel hold
    private static final CommandLimits LIMITS =
            CommandLimits.DEFAULT.withValueBytesMax(PIECES * ProtocolLimits.PIECE_BYTES);
    private static final int LARGE_ID = 7;
    private static final int SMALL_ID = 8;

    private static void storeLargeValue(RawClient client) throws IOException {
        byte[] piece = new byte[ProtocolLimits.PIECE_BYTES];
        client.send(
                RequestFrame.of(Opcode.SET, "large")
                        .id(LARGE_ID)
                        .flags(RequestFlag.MORE)
                        .with(ExtensionType.VALUE_LENGTH, (long) PIECES * piece.length)
                        .value(piece)
                        .bytes());
        for (int sent = 1; sent < PIECES; sent++) {
            int flags = sent < PIECES - 1 ? RequestFlag.MORE : 0;
            client.send(RequestFrame.of(Opcode.SET).id(LARGE_ID).flags(flags).value(piece).bytes());
        }
        assertThat(client.reply().status()).isEqualTo(Status.OK);
    }

    @Test
    void smallRequest_sentWhileALargeValueComes_isAnsweredBeforeItsHalf() throws IOException {
        try (BinaryServer server =
                        new BinaryServer(BinaryServer.config(), LIMITS, Transport.preferred());
                RawClient client = new RawClient(server.port(), 16 << 10)) {
            client.ask(RequestFrame.hello(ProtocolLimits.FEATURE_PIECES));
            client.ask(RequestFrame.set("small", "v"));
            storeLargeValue(client);

            client.send(RequestFrame.get("large").id(LARGE_ID).bytes());
            assertThat(client.reply().id()).isEqualTo(LARGE_ID); // it has begun
            client.send(RequestFrame.get("small").id(SMALL_ID).bytes());
            int piecesBefore = 0;
            ReplyFrame reply = client.reply();
            while (reply.id() == LARGE_ID) {
                piecesBefore++;
                reply = client.reply();
            }

            assertThat(reply.text()).isEqualTo("v");
            assertThat(piecesBefore).isLessThan(PIECES / 2);
        }
    }
}
