package io.larder.server.command;

import static io.larder.protocol.ExtensionType.INITIAL;
import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static io.larder.server.command.RequestFrame.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.store.MapStore;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchCommandTest {
    private final CommandFixture fixture = CommandFixture.open();

    private List<ReplyFrame> inside(RequestFrame batch) {
        ReplyFrame reply = fixture.send(batch);
        assertThat(reply.status()).isEqualTo(Status.OK);
        return ReplyFrame.all(reply.value());
    }

    @Test
    void batch_mixed_isAnsweredInOrderEachWithItsStatus() {
        List<ReplyFrame> replies =
                inside(
                        batch(
                                RequestFrame.set("k", "v").id(9),
                                RequestFrame.get("k").id(8),
                                RequestFrame.get("absent").id(7),
                                RequestFrame.of(Opcode.INCREMENT, "n").id(6).with(INITIAL, 1),
                                RequestFrame.of(Opcode.DELETE, "k").id(5),
                                RequestFrame.get("k").id(4)));
        assertThat(replies)
                .extracting(ReplyFrame::status)
                .containsExactly(
                        Status.OK, Status.OK, Status.MISS, Status.OK, Status.OK, Status.MISS);
        assertThat(replies).extracting(ReplyFrame::id).containsExactly(9, 8, 7, 6, 5, 4);
        assertThat(replies.get(1).text()).isEqualTo("v");
    }

    @Test
    void batch_empty_isOk() {
        assertThat(inside(batch())).isEmpty();
    }

    @Test
    void batch_quietInside_leavesRepliesOut() {
        List<ReplyFrame> replies =
                inside(
                        batch(
                                RequestFrame.set("k", "v").flags(QUIET),
                                RequestFrame.get("absent").flags(QUIET),
                                RequestFrame.get("k").flags(QUIET).id(3)));
        assertThat(replies).extracting(ReplyFrame::id).containsExactly(3);
    }

    @Test
    void batch_ofWhatMayNotStandInIt_refusesThatOnly() {
        List<ReplyFrame> replies =
                inside(
                        batch(
                                batch(),
                                RequestFrame.of(Opcode.PING),
                                RequestFrame.hello(),
                                RequestFrame.of(0x7F),
                                RequestFrame.get("")));
        assertThat(replies)
                .extracting(ReplyFrame::status)
                .containsExactly(
                        Status.NOT_BATCHABLE,
                        Status.NOT_BATCHABLE,
                        Status.NOT_BATCHABLE,
                        Status.NOT_BATCHABLE,
                        Status.KEY_LENGTH);
    }

    @Test
    void batch_malformed_doesNothing() {
        byte[] row = RequestFrame.row(RequestFrame.set("k", "v"), RequestFrame.get("k"));
        for (int cut = 1; cut < RequestFrame.get("k").bytes().length; cut++) {
            byte[] part = Arrays.copyOf(row, row.length - cut);
            ReplyFrame reply = fixture.send(RequestFrame.of(Opcode.BATCH).value(part));
            assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
            assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
        }
        byte[] strange = row.clone();
        strange[0] = 0x47;
        assertThat(fixture.send(RequestFrame.of(Opcode.BATCH).value(strange)).status())
                .isEqualTo(Status.BAD_REQUEST);
        assertThat(fixture.send(batch().key("k")).status()).isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void batch_ofTooMany_doesNothingAndNamesTheLimit() {
        RequestFrame[] most = new RequestFrame[ProtocolLimits.BATCH_OPERATIONS_MAX];
        Arrays.fill(most, RequestFrame.set("k", "v"));
        RequestFrame[] tooMany = Arrays.copyOf(most, most.length + 1);
        tooMany[most.length] = RequestFrame.set("k", "v");
        ReplyFrame reply = fixture.send(batch(tooMany));
        assertThat(reply.status()).isEqualTo(Status.BATCH_TOO_LARGE);
        assertThat(reply.number(LIMIT)).isEqualTo(1024);
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
        assertThat(inside(batch(most))).hasSize(1024);
    }

    @Test
    void batch_whoseReplyIsTooLarge_refusesReadsAndNeverWrites() {
        CommandLimits limits = CommandLimits.DEFAULT.withValueBytesMax(64 << 10);
        CommandFixture small = new CommandFixture(new MapStore(), limits).greet();
        small.send(RequestFrame.of(Opcode.SET, "k").value(new byte[30_000]));
        RequestFrame[] frames = new RequestFrame[300];
        Arrays.fill(frames, RequestFrame.get("k"));
        for (int i = 0; i < frames.length; i += 3) {
            frames[i] = RequestFrame.of(Opcode.INCREMENT, "n").with(INITIAL, 0).flags(RETURN_META);
            frames[i + 1] = RequestFrame.get("");
        }
        ReplyFrame reply = small.send(batch(frames));
        assertThat(reply.value().length).isLessThanOrEqualTo(limits.bodyBytesMax());
        List<ReplyFrame> replies = ReplyFrame.all(reply.value());
        assertThat(replies).hasSize(300);
        int whole = 0;
        for (int i = 0; i < 300; i += 3) {
            assertThat(replies.get(i).status()).isEqualTo(Status.OK);
            assertThat(replies.get(i + 1).status()).isEqualTo(Status.KEY_LENGTH);
            ReplyFrame read = replies.get(i + 2);
            whole += read.status() == Status.OK ? 1 : 0;
            assertThat(read.status()).isIn(Status.OK, Status.REPLY_TOO_LARGE);
            assertThat(read.value()).hasSize(read.status() == Status.OK ? 30_000 : 0);
        }
        assertThat(whole).isEqualTo(1);
        assertThat(replies.get(299).value()).isEmpty();
    }

    @Test
    void batch_inARowOfOthers_usesEachKeyOfItsOwn() {
        List<ReplyFrame> replies =
                fixture.sendAll(
                        RequestFrame.set("a", "1"),
                        RequestFrame.set("b", "2"),
                        batch(RequestFrame.get("b"), RequestFrame.get("a")),
                        RequestFrame.get("a"),
                        RequestFrame.get("b"));
        assertThat(ReplyFrame.all(replies.get(2).value()))
                .extracting(ReplyFrame::text)
                .containsExactly("2", "1");
        assertThat(replies.get(3).text()).isEqualTo("1");
        assertThat(replies.get(4).text()).isEqualTo("2");
    }

    @Test
    void batch_whenTheStoreFails_answersEachInternal() {
        fixture.store.fault(new IllegalStateException("boom"));
        List<ReplyFrame> replies = inside(batch(RequestFrame.get("a"), RequestFrame.get("b")));
        assertThat(replies)
                .extracting(ReplyFrame::status)
                .containsExactly(Status.INTERNAL, Status.INTERNAL);
    }
}
