package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.LarderOptions;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final Router router =
            new Router(
                    ServerAddress.parseAll("larder://127.0.0.1:1"),
                    LarderOptions.DEFAULT,
                    System::nanoTime);

    @AfterEach
    void close() {
        router.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static ItemOperations puts(int count) {
        List<byte[]> keys = new ArrayList<>();
        List<StoredValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(bytes("k" + i));
            values.add(StoredValue.raw(bytes("value " + i)));
        }
        return ItemOperations.puts(keys, values, PutOptions.DEFAULT.ttl(Ttl.NEVER));
    }

    private Batch batchOf(ItemOperations operations) {
        Batch batch = new Batch(router.anyLinkOf(0), 1_000, 1 << 20, 10);
        for (int index = 0; index < operations.count(); index++) {
            batch.add(operations, index);
        }
        return batch;
    }

    /** {@code id key=value} of each frame. */
    private static List<String> framesOf(Request request) {
        ByteBuf body = Unpooled.wrappedBuffer(request.body);
        BatchFrames frames =
                new BatchFrames(FrameDirection.TO_SERVER).wrap(body, 0, request.body.length);
        List<String> found = new ArrayList<>();
        while (frames.next() == BatchFrames.Step.FRAME) {
            int offset = frames.frameOffset();
            byte[] key =
                    ByteBufUtil.getBytes(
                            body,
                            FrameHeader.keyOffset(body, offset),
                            FrameHeader.keyBytes(body, offset));
            byte[] value =
                    ByteBufUtil.getBytes(
                            body,
                            FrameHeader.valueOffset(body, offset),
                            FrameHeader.valueBytes(body, offset));
            found.add(
                    FrameHeader.requestId(body, offset)
                            + " "
                            + new String(key, UTF_8)
                            + "="
                            + new String(value, UTF_8));
        }
        return found;
    }

    @Test
    void frames_areInTheirOrder_howeverManyThereAre() {
        ItemOperations operations = puts(100);
        Request request = batchOf(operations).together(Region.DEFAULT, operations);

        List<String> frames = framesOf(request);
        assertThat(frames).hasSize(100);
        assertThat(frames.get(0)).isEqualTo("1 k0=value 0");
        assertThat(frames.get(99)).isEqualTo("100 k99=value 99");
        assertThat(request.opcode).isEqualTo(Opcode.BATCH);
        assertThat((long) request.body.length).isEqualTo(operations.frameBytes());
    }

    @Test
    void rest_isNumberedAnew_andKnowsItsOperations() {
        ItemOperations operations = puts(40);
        Batch rest = batchOf(operations).only(position -> position % 20 == 7);

        assertThat(framesOf(rest.together(Region.DEFAULT, operations)))
                .containsExactly("1 k7=value 7", "2 k27=value 27");
        assertThat(rest.index(0)).isEqualTo(7);
        assertThat(rest.index(1)).isEqualTo(27);
    }

    @Test
    void first_isTheWholeOperationByItself() {
        ItemOperations operations = puts(3);
        Request request =
                batchOf(operations)
                        .only(position -> position > 0)
                        .first(Region.DEFAULT, operations);

        assertThat(request.opcode).isEqualTo(Opcode.SET);
        assertThat(request.keyBytes).isEqualTo(2);
        assertThat(new String(request.body, UTF_8)).isEqualTo("k1value 1");
        assertThat(request.extensions).isNotNull();
    }

    @Test
    void batch_hasRoomWithinItsBounds_andAlwaysForOne() {
        ItemOperations operations = puts(3);
        Batch byCount = new Batch(router.anyLinkOf(0), 1, 1_000, 10);
        assertThat(byCount.hasRoomFor(5_000)).isTrue();
        byCount.add(operations, 0);
        assertThat(byCount.hasRoomFor(1)).isFalse();

        long bytes = operations.frameBytes(0);
        Batch byBytes = new Batch(router.anyLinkOf(0), 10, 2 * bytes, 10);
        byBytes.add(operations, 0);
        assertThat(byBytes.hasRoomFor(bytes)).isTrue();
        assertThat(byBytes.hasRoomFor(bytes + 1)).isFalse();
    }
}
