package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentListTest {
    private static final int SEGMENTS = 20;

    private final SegmentTable segments =
            new SegmentTable(
                    StoreMemory.passing(SEGMENTS, 64, HeapMemory::allocate), 64, 1, SEGMENTS * 64);
    private final SegmentList list = new SegmentList(segments, SegmentTable.QUEUE_LINKS);

    private List<Integer> content() {
        List<Integer> content = new ArrayList<>();
        for (int at = list.first(); at != SegmentTable.NONE; at = list.next(at)) {
            content.add(at);
        }
        return content;
    }

    @Test
    void randomChanges_areThoseOfAList() {
        Random random = new Random(7);
        List<Integer> model = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            Integer segment = random.nextInt(SEGMENTS);
            if (model.contains(segment)) {
                list.remove(segment);
                model.remove(segment);
            } else if (model.isEmpty() || random.nextBoolean()) {
                list.addLast(segment);
                model.add(segment);
            } else {
                int at = random.nextInt(model.size());
                list.addBefore(model.get(at), segment);
                model.add(at, segment);
            }
            assertThat(content()).isEqualTo(model);
            assertThat(list.size()).isEqualTo(model.size());
        }
    }
}
