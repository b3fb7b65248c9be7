package io.larder.server.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.FrameHeader;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrackingTableTest {
    private static final int REGION = 3;
    private static final int SPACE = 7;

    private final KeyHasher hasher = new KeyHasher(1, 2);
    private final PushQueue queue = newQueue();
    private final TrackingTable table = new TrackingTable(1 << 20);

    private static PushQueue newQueue() {
        return new PushQueue(PushQueue.BYTES_MAX, new StripedCounter());
    }

    private Key key(String text) {
        return key(SPACE, text);
    }

    private Key key(int space, String text) {
        return new Key().wrap(hasher, space, text.getBytes(UTF_8));
    }

    /** The keys that the queue tells of; each time what was offered since the last. */
    private static List<String> told(PushQueue queue) {
        ByteBuf out = Unpooled.buffer();
        queue.writeTo(out, PushRights.ALL);
        List<String> keys = new ArrayList<>();
        for (int offset = 0; offset < out.writerIndex(); ) {
            assertThat(FrameHeader.regionId(out, offset)).isEqualTo(REGION);
            keys.add(
                    out.toString(
                            FrameHeader.keyOffset(out, offset),
                            FrameHeader.keyBytes(out, offset),
                            UTF_8));
            offset += (int) FrameHeader.frameBytes(out, offset);
        }
        return keys;
    }

    @Test
    void changed_tellsOnceAndOnlyOfThatKey() {
        table.track(queue, REGION, key("a"));
        table.track(queue, REGION, key("b"));
        table.changed(key("c"));
        table.changed(key(SPACE + 1, "a"));
        assertThat(told(queue)).isEmpty();

        table.changed(key("a"));
        table.changed(key("a"));
        assertThat(told(queue)).containsExactly("a");
        table.changed(key("b"));
        assertThat(told(queue)).containsExactly("b");
        assertThat(table.bytes()).isZero();
    }

    @Test
    void track_again_isNoSecondEntry() {
        table.track(queue, REGION, key("a"));
        long bytes = table.bytes();
        table.track(queue, REGION, key("a"));
        assertThat(table.bytes()).isEqualTo(bytes);

        table.changed(key("a"));
        assertThat(told(queue)).containsExactly("a");
    }

    @Test
    void changed_tellsEveryConnectionThatIsOpen() {
        List<PushQueue> queues = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queues.add(newQueue());
            table.track(queues.get(i), REGION, key("a"));
        }
        queues.get(4).close();
        long bytes = table.bytes();
        table.track(queue, REGION, key("a"));
        assertThat(table.bytes()).as("takes the place of the closed one").isEqualTo(bytes);

        table.changed(key("a"));
        assertThat(told(queues.remove(4))).isEmpty();
        assertThat(told(queue)).containsExactly("a");
        assertThat(queues).allSatisfy(each -> assertThat(told(each)).containsExactly("a"));
        assertThat(table.bytes()).isZero();
    }

    @Test
    void aFullTable_keepsItsBound_andTellsOfEveryKeyItForgets() {
        int keys = 50_000;
        Set<String> forgotten = new HashSet<>();
        for (int i = 0; i < keys; i++) {
            table.track(queue, REGION, key("key-" + i));
            forgotten.addAll(told(queue));
        }
        assertThat(table.bytes()).isBetween(1L << 19, 1L << 20);
        assertThat(table.dropped()).isEqualTo(forgotten.size()).isPositive();

        for (int i = 0; i < keys; i++) {
            table.changed(key("key-" + i));
            List<String> told = told(queue);
            assertThat(told.isEmpty()).isEqualTo(forgotten.contains("key-" + i));
        }
        assertThat(table.bytes()).isZero();
    }

    @Test
    void theLongestKeys_findRoomInTheSmallestTable() {
        String suffix = "x".repeat(Key.BYTES_MAX - 4);
        for (int i = 1_000; i < 3_000; i++) {
            table.track(queue, REGION, key(i + suffix));
            told(queue);
            if (i % 100 == 0) {
                table.changed(key(i + suffix));
                assertThat(told(queue)).hasSize(1);
            }
        }
        assertThat(table.bytes()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void lost_tellsThoseWhoKeepACopy_evenOneWhoIsNotToldOfHisOwnChanges() {
        table.track(queue, REGION, key("a"));
        table.track(queue, REGION, key("b"));
        queue.mute(true);

        table.lost(SPACE, key("a").hash(), "a".getBytes(UTF_8));
        table.lost(SPACE + 1, key(SPACE + 1, "b").hash(), "b".getBytes(UTF_8));

        assertThat(told(queue)).containsExactly("a");
        table.changed(key("a"));
        assertThat(told(queue)).isEmpty();
    }

    @Test
    void changed_byOneWhoIsMuted_isToldToOthersOnly() {
        PushQueue other = newQueue();
        table.track(queue, REGION, key("a"));
        table.track(other, REGION, key("a"));
        queue.mute(true);
        table.changed(key("a"));
        queue.mute(false);

        assertThat(told(queue)).isEmpty();
        assertThat(told(other)).containsExactly("a");
        table.track(queue, REGION, key("a"));
        table.changed(key("a"));
        assertThat(told(queue)).containsExactly("a");
    }
}
