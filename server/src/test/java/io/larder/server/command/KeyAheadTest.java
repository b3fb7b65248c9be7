package io.larder.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.MapStore;
import io.larder.server.store.Mutation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyAheadTest {
    private final RegionTable regions = new RegionTable(space -> {});
    private final KeyAhead ahead =
            new KeyAhead(new MapStore(), regions, ProtocolLimits.KEY_BYTES_MAX);

    private List<String> keysOf(ByteBuf frames) {
        List<String> keys = new ArrayList<>();
        Request request = new Request();
        int offset = 0;
        while (offset < frames.writerIndex()) {
            request.wrap(frames, offset);
            if (request.opcode != Opcode.CLEAR.code()) {
                Mutation mutation = ahead.take(request, 1, frames.writerIndex());
                byte[] key = mutation.key.bytes().toByteArray();
                keys.add(new String(key, StandardCharsets.UTF_8));
            }
            offset = request.valueOffset + request.valueBytes;
        }
        return keys;
    }

    @Test
    void take_aRowLongerThanTheLookahead_isEachRequestsOwnKey() {
        RequestFrame[] row = new RequestFrame[KeyAhead.ROW_MAX * 2 + 3];
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            expected.add("key" + i);
            row[i] = RequestFrame.set("key" + i, "v".repeat(i));
        }
        assertThat(keysOf(Unpooled.wrappedBuffer(RequestFrame.row(row))))
                .containsExactlyElementsOf(expected);
        assertThat(ahead.touched()).isPositive();
    }

    @Test
    void take_sameOffsetInAnotherBuffer_isNotWhatWasAheadInTheFirst() {
        byte[] first = RequestFrame.row(RequestFrame.get("a"), RequestFrame.get("b"));
        byte[] second = RequestFrame.row(RequestFrame.get("c"), RequestFrame.get("d"));
        ByteBuf buffer = Unpooled.wrappedBuffer(first);
        Request request = new Request();
        request.wrap(buffer, 0);
        assertThat(ahead.take(request, 1, first.length).key.bytes().getByte(0))
                .isEqualTo((byte) 'a');
        assertThat(keysOf(Unpooled.wrappedBuffer(second))).containsExactly("c", "d");
    }

    @Test
    void take_behindAClear_hasTheNewSpace() throws Exception {
        byte[] row =
                RequestFrame.row(
                        RequestFrame.get("a"),
                        RequestFrame.of(Opcode.CLEAR),
                        RequestFrame.get("b"));
        ByteBuf buffer = Unpooled.wrappedBuffer(row);
        Request request = new Request();
        request.wrap(buffer, 0);
        assertThat(ahead.take(request, regions.space(0), row.length).key.space()).isEqualTo(1);
        int cleared = regions.clear(0);
        request.wrap(buffer, 25 + 24);
        assertThat(ahead.take(request, regions.space(0), row.length).key.space())
                .isEqualTo(cleared);
    }

    @Test
    void rowOfASessionCutOff_isNotTakenForAnothers() {
        CommandFixture fixture = CommandFixture.open();
        fixture.sendAll(RequestFrame.set("c", "1"), RequestFrame.set("d", "2"));
        Session other = fixture.dispatcher.newSession();
        other.open("other");
        ByteBuf out = Unpooled.buffer();
        byte[] before = RequestFrame.row(RequestFrame.get("a"), RequestFrame.get("b"));
        byte[] after = RequestFrame.row(RequestFrame.get("c"), RequestFrame.get("d"));
        ByteBuf buffer = Unpooled.buffer().writeBytes(before);
        fixture.dispatcher.dispatch(other, buffer, 0, out);
        buffer.clear().writeBytes(after);
        out.clear();
        fixture.dispatcher.dispatch(fixture.session, buffer, after.length / 2, out);
        assertThat(ReplyFrame.all(ByteBufUtil.getBytes(out)).get(0).text()).isEqualTo("2");
    }

    @Test
    void randomPipelines_areAnsweredAsOneByOne() {
        long seed = 20260101;
        Random random = new Random(seed);
        CommandFixture inRows = CommandFixture.open();
        CommandFixture oneByOne = CommandFixture.open();
        for (int round = 0; round < 300; round++) {
            RequestFrame[] row = new RequestFrame[random.nextInt(1, 40)];
            List<ReplyFrame> expected = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                row[i] = randomRequest(random).id(i + 1);
                expected.addAll(oneByOne.sendAll(row[i]));
            }
            List<ReplyFrame> replies = inRows.sendAll(row);
            assertThat(replies)
                    .describedAs("seed %d, round %d", seed, round)
                    .hasSameSizeAs(expected);
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).id()).isEqualTo(expected.get(i).id());
                assertThat(replies.get(i).status()).isEqualTo(expected.get(i).status());
                assertThat(replies.get(i).value()).isEqualTo(expected.get(i).value());
            }
        }
    }

    private static RequestFrame randomRequest(Random random) {
        String key = "k" + random.nextInt(5);
        return switch (random.nextInt(9)) {
            case 0 -> RequestFrame.of(Opcode.DELETE, key);
            case 1 -> RequestFrame.of(Opcode.PING);
            case 2 -> RequestFrame.get("");
            case 3 -> RequestFrame.get(key).region(random.nextInt(2));
            case 4 -> RequestFrame.set(key, "v" + random.nextInt(1000)).flags(RequestFlag.QUIET);
            case 5 -> RequestFrame.of(Opcode.CLEAR);
            case 6 ->
                    RequestFrame.batch(
                            RequestFrame.get(key),
                            RequestFrame.set(key, "b"),
                            RequestFrame.get("k1"));
            default -> RequestFrame.get(key);
        };
    }

    @Test
    void get_inOneBatchWithAClearBeforeIt_isMiss() {
        CommandFixture fixture = CommandFixture.open();
        fixture.send(RequestFrame.set("k", "v"));
        assertThat(
                        fixture.sendAll(
                                RequestFrame.get("k"),
                                RequestFrame.of(Opcode.CLEAR),
                                RequestFrame.get("k")))
                .extracting(ReplyFrame::status)
                .containsExactly(Status.OK, Status.OK, Status.MISS);
    }
}
