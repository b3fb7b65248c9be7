package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainTableTest {
    private static final int SEGMENTS = 8;
    private static final int SEGMENT_BYTES = 256;

    private final SegmentTable segments =
            new SegmentTable(
                    StoreMemory.passing(SEGMENTS, SEGMENT_BYTES, HeapMemory::allocate),
                    SEGMENT_BYTES,
                    1,
                    SEGMENTS * SEGMENT_BYTES);
    private final ChainTable chains = segments.chains();

    private int chainOf(int count) {
        int first = chains.take(ChainTable.NONE);
        int last = first;
        for (int i = 1; i < count; i++) {
            last = chains.take(last);
        }
        return first;
    }

    private List<Integer> segmentsOf(int first) {
        List<Integer> all = new ArrayList<>();
        for (int segment = first; segment != ChainTable.NONE; segment = chains.after(segment)) {
            all.add(segment);
        }
        return all;
    }

    @Test
    void take_linksSegmentsInOrder_andLeavesTheReserve() {
        int first = chainOf(7);

        assertThat(segmentsOf(first)).hasSize(7).doesNotHaveDuplicates();
        assertThat(chains.take(first)).isEqualTo(ChainTable.NONE);
        assertThat(segmentsOf(first)).hasSize(7);
        assertThat(segments.free()).isEqualTo(1);
    }

    @Test
    void chain_livesUntilItsLastPinGoes_whoeversThatIs() {
        long chain = chains.own(chainOf(3));
        assertThat(chains.pin(chain)).isTrue();
        assertThat(chains.pin(chain)).isTrue();

        chains.unpin(chain); // the owner's
        assertThat(chains.pin(chain)).isTrue();
        chains.unpin(chain);
        chains.unpin(chain);
        assertThat(segments.free()).isEqualTo(SEGMENTS - 3);
        chains.unpin(chain);

        assertThat(segments.free()).isEqualTo(SEGMENTS);
        assertThat(chains.pin(chain)).isFalse();
    }

    @Test
    void pin_ofAnEarlierLife_fails_andLeavesThePresentOneAlone() {
        long earlier = chains.own(chainOf(1));
        chains.unpin(earlier);
        long present = chains.own(chainOf(1));
        assertThat(ChainTable.first(present)).isEqualTo(ChainTable.first(earlier));
        assertThat(ChainTable.generation(present)).isEqualTo(ChainTable.generation(earlier) + 1);

        assertThat(chains.pin(earlier)).isFalse();
        assertThat(chains.pins(ChainTable.first(present))).isEqualTo(1);
    }

    @Test
    void pin_ofAChainNobodyOwnsYet_fails() {
        int first = chainOf(2);

        assertThat(chains.pin(ChainTable.name(first, 0))).isFalse();
        chains.give(first);
        assertThat(segments.free()).isEqualTo(SEGMENTS);
    }
}
