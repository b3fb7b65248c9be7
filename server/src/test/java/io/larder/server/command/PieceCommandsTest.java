package io.larder.server.command;

import static io.larder.protocol.RequestFlag.MORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.LarderStore;
import io.larder.server.store.Store;
import io.larder.server.store.StoreConfig;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SET in pieces, on a store whose segments can be counted. */
class PieceCommandsTest {
    private final LarderStore larder = LarderStore.open(StoreConfig.MEMORY_BYTES_MIN);
    private final Store store = larder.store();
    private final CommandFixture server = new CommandFixture(store, CommandLimits.DEFAULT).greet();

    @AfterEach
    void close() {
        server.session.release();
        larder.close();
    }

    private static RequestFrame first(int id, int length, int pieceBytes) {
        return RequestFrame.of(Opcode.SET, "k" + id)
                .id(id)
                .flags(MORE)
                .with(ExtensionType.VALUE_LENGTH, length)
                .value(new byte[pieceBytes]);
    }

    private static RequestFrame next(int id, int flags, int pieceBytes) {
        return RequestFrame.of(Opcode.SET).id(id).flags(flags).value(new byte[pieceBytes]);
    }

    @Test
    void pieces_ofTwoValues_mayInterleave_andEachIsStoredWithItsLast() {
        assertThat(server.sendAll(first(1, 200_000, 100_000), first(2, 90_000, 0))).isEmpty();
        assertThat(server.send(RequestFrame.get("k1")).status()).isEqualTo(Status.MISS);
        List<ReplyFrame> replies = server.sendAll(next(1, MORE, 99_999), next(2, 0, 90_000));
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).status()).isEqualTo(Status.OK);

        assertThat(server.send(next(1, 0, 1)).status()).isEqualTo(Status.OK);
        assertThat(server.send(RequestFrame.get("k1")).value()).hasSize(200_000);
        assertThat(server.send(RequestFrame.get("k2")).value()).hasSize(90_000);
    }

    @Test
    void value_leftUnfinished_isFreedWithItsConnection() {
        int free = store.stats().segmentsFree();
        server.sendAll(first(1, 500_000, 300_000), first(2, 400_000, 100_000));
        assertThat(store.stats().segmentsFree()).isLessThan(free);
        server.session.release();

        assertThat(store.stats().segmentsFree()).isEqualTo(free);
    }

    @Test
    void piecesThatDoNotAddUp_areRefusedOnce_andTheRestIsDropped() {
        int free = store.stats().segmentsFree();
        server.sendAll(first(1, 100_000, 60_000));
        ReplyFrame tooMuch = server.send(next(1, MORE, 40_001));
        assertThat(tooMuch.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(server.sendAll(next(1, MORE, 5), next(1, 0, 5))).isEmpty();
        server.sendAll(first(2, 100_000, 60_000));
        assertThat(server.send(next(2, 0, 39_999)).status()).isEqualTo(Status.BAD_REQUEST);

        assertThat(store.stats().segmentsFree()).isEqualTo(free);
        assertThat(server.send(next(2, 0, 5)).status()).isEqualTo(Status.KEY_LENGTH);
    }

    @Test
    void refusedFirstPiece_isAnsweredAtOnce_andItsPiecesAreDropped() {
        int most = store.valueBytesMax();
        ReplyFrame tooLarge = server.send(first(1, most + 1, 10));
        assertThat(tooLarge.status()).isEqualTo(Status.TOO_LARGE);
        assertThat(tooLarge.number(ExtensionType.LIMIT)).isEqualTo(most);
        assertThat(server.sendAll(next(1, MORE, 10), next(1, 0, 10))).isEmpty();

        server.sendAll(first(2, most, 10));
        assertThat(server.send(first(3, 100_000, 10)).status()).isEqualTo(Status.BUSY);
        assertThat(server.sendAll(next(3, 0, 99_990))).isEmpty();
        assertThat(server.send(RequestFrame.set("k3", "v").id(3)).status()).isEqualTo(Status.OK);
        RequestFrame noLength = RequestFrame.of(Opcode.SET, "k").id(4).flags(MORE);
        assertThat(server.send(noLength).status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(ReplyFrame.all(server.send(RequestFrame.batch(first(5, 10, 10))).value()))
                .extracting(ReplyFrame::status)
                .containsExactly(Status.NOT_BATCHABLE);
    }

    private static RequestFrame cancel(int requestId) {
        byte[] id = ByteBuffer.allocate(4).putInt(requestId).array();
        return RequestFrame.of(Opcode.CANCEL).id(99).value(id);
    }

    @Test
    void valueBeingReceived_thatIsCancelled_isFreedAndAnswered() {
        int free = store.stats().segmentsFree();
        server.sendAll(first(1, 500_000, 300_000));

        ReplyFrame cancelled = server.send(cancel(1));

        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(cancelled.id()).isEqualTo(1);
        assertThat(store.stats().segmentsFree()).isEqualTo(free);
        assertThat(server.send(next(1, 0, 5)).status()).isEqualTo(Status.KEY_LENGTH);
    }

    @Test
    void valueThatWasRefused_andIsCancelled_isForgotten() {
        server.send(first(1, store.valueBytesMax() + 1, 10));

        assertThat(server.sendAll(cancel(1))).isEmpty();
        assertThat(server.send(RequestFrame.set("k1", "v").id(1)).status()).isEqualTo(Status.OK);
    }

    @Test
    void valueBeingSent_thatIsCancelled_isAnsweredInItsMiddle() {
        CommandFixture reader = new CommandFixture(store, CommandLimits.DEFAULT).greet("pieces");
        server.sendAll(first(1, 500_000, 499_990), next(1, 0, 10));
        ReplyFrame begun = reader.send(RequestFrame.get("k1").id(2));
        assertThat(begun.number(ExtensionType.VALUE_LENGTH)).isEqualTo(500_000);
        assertThat(reader.session.outgoing().isEmpty()).isFalse();

        ReplyFrame cancelled = reader.send(cancel(2));

        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(cancelled.id()).isEqualTo(2);
        assertThat(reader.session.outgoing().isEmpty()).isTrue();
    }

    @Test
    void cancelOfNothing_isNotAnswered_andAMalformedOneIs() {
        assertThat(server.sendAll(cancel(77))).isEmpty();

        RequestFrame tooShort = RequestFrame.of(Opcode.CANCEL).value(new byte[3]);
        assertThat(server.send(tooShort).text()).isEqualTo("valueLength: 3 (expected: 4)");
        RequestFrame withKey = RequestFrame.of(Opcode.CANCEL, "k").value(new byte[4]);
        assertThat(server.send(withKey).status()).isEqualTo(Status.BAD_REQUEST);
    }
}
