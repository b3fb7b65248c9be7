package io.larder.server.push;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.server.metrics.StripedCounter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PushQueueTest {
    private static final int KEY_BYTES = 2;
    private static final int FRAME_BYTES = HEADER_BYTES + KEY_BYTES;

    private final StripedCounter overflows = new StripedCounter();
    private final PushQueue queue = new PushQueue(3 * FRAME_BYTES, overflows);

    private static Push push(String key) {
        return Push.invalidate(7, key.getBytes(UTF_8));
    }

    /** What is written, as {@code 1 INVALIDATE k1}. */
    private static List<String> written(PushQueue queue) {
        return written(queue, PushRights.ALL);
    }

    private static List<String> written(PushQueue queue, PushRights rights) {
        ByteBuf out = Unpooled.buffer();
        queue.writeTo(out, rights);
        List<String> texts = new ArrayList<>();
        int offset = 0;
        while (offset < out.writerIndex()) {
            assertThat(FrameHeader.magic(out, offset)).isEqualTo(FrameHeader.MAGIC_PUSH);
            String key =
                    out.toString(
                            FrameHeader.keyOffset(out, offset),
                            FrameHeader.keyBytes(out, offset),
                            UTF_8);
            Opcode opcode = Opcode.of(FrameHeader.opcode(out, offset));
            texts.add(FrameHeader.requestId(out, offset) + " " + opcode + " " + key);
            offset += (int) FrameHeader.frameBytes(out, offset);
        }
        assertThat(offset).isEqualTo(out.writerIndex());
        return texts;
    }

    @Test
    void offered_isWrittenInItsOrderAndNumbered() {
        queue.offer(push("k1"));
        queue.offer(push("k2"));
        assertThat(written(queue)).containsExactly("1 INVALIDATE k1", "2 INVALIDATE k2");

        assertThat(queue.isEmpty()).isTrue();
        queue.offer(push("k3"));
        assertThat(written(queue)).containsExactly("3 INVALIDATE k3");
        assertThat(queue.sequence()).isEqualTo(3);
    }

    @Test
    void whatFindsItFull_replacesEverything_andTakesNoRoomUntilWritten() {
        for (int i = 1; i <= 3; i++) {
            queue.offer(push("k" + i));
        }
        assertThat(overflows.sum()).isZero();
        for (int i = 4; i <= 9; i++) {
            queue.offer(push("k" + i));
        }

        assertThat(overflows.sum()).isOne();
        assertThat(written(queue)).containsExactly("1 INVALIDATE_ALL ");
        queue.offer(push("ka"));
        assertThat(written(queue)).containsExactly("2 INVALIDATE ka");
    }

    @Test
    void wake_isOncePerWriting() {
        AtomicInteger wakes = new AtomicInteger();
        queue.onOffered(wakes::incrementAndGet);
        queue.wake();
        assertThat(wakes).hasValue(0);

        queue.offer(push("k1"));
        queue.wake();
        queue.offer(push("k2"));
        queue.wake();
        assertThat(wakes).hasValue(1);

        written(queue);
        queue.offer(push("k3"));
        queue.wake();
        assertThat(wakes).hasValue(2);
    }

    @Test
    void onOffered_whenSomethingHasBeen_wakesAtOnce() {
        AtomicInteger wakes = new AtomicInteger();
        queue.offer(push("k1"));
        queue.onOffered(wakes::incrementAndGet);

        assertThat(wakes).hasValue(1);
    }

    @Test
    void close_holdsNothingAndTakesNothing() {
        queue.offer(push("k1"));
        queue.close();
        queue.offer(push("k2"));

        assertThat(queue.isEmpty()).isTrue();
        assertThat(written(queue)).isEmpty();
    }

    @Test
    void pushesOfManyThreads_areAllWrittenByWhoIsWoken() throws Exception {
        int threads = 4;
        int each = 20_000;
        PushQueue large = new PushQueue(Integer.MAX_VALUE, overflows);
        CountDownLatch woken = new CountDownLatch(1);
        List<String> all = new ArrayList<>();
        AtomicInteger due = new AtomicInteger();
        large.onOffered(
                () -> {
                    due.incrementAndGet();
                    woken.countDown();
                });
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread writer =
                    new Thread(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    large.offer(push("kk"));
                                    large.wake();
                                }
                            });
            writers.add(writer);
            writer.start();
        }
        woken.await();
        while (all.size() < threads * each) {
            assertThat(due.get() > 0 || writers.stream().anyMatch(Thread::isAlive)).isTrue();
            if (due.get() > 0) {
                due.decrementAndGet();
                all.addAll(written(large));
            } else {
                Thread.onSpinWait();
            }
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(all).hasSize(threads * each);
        assertThat(large.sequence()).isEqualTo(threads * each);
    }

    @Test
    void whatTheUserMayNotKnow_isAsIfItHadNotBeenOffered() {
        PushQueue wide = new PushQueue(PushQueue.BYTES_MAX, overflows);
        wide.offer(push("k1"));
        wide.offer(push("no"));
        wide.offer(Push.hotKey(7, "no".getBytes(UTF_8), 100));
        wide.offer(Push.invalidateRegion(8));
        wide.offer(Push.invalidateRegion(7));

        assertThat(
                        written(
                                wide,
                                (region, key) ->
                                        region == 7
                                                && (key == null
                                                        || !new String(key, UTF_8).equals("no"))))
                .containsExactly("1 INVALIDATE k1", "2 INVALIDATE_ALL ");
        wide.offer(Push.invalidateEverything());
        assertThat(written(wide, (region, key) -> false)).containsExactly("3 INVALIDATE_ALL ");
    }

    @Test
    void dropCopies_isToldOnce_toWhoKeepsAny() {
        queue.dropCopies();
        assertThat(queue.isEmpty()).isTrue();

        queue.mark(70);
        queue.dropCopies();
        assertThat(written(queue)).containsExactly("1 INVALIDATE_ALL ");
        queue.dropCopies();
        assertThat(queue.isEmpty()).isTrue();
    }
}
