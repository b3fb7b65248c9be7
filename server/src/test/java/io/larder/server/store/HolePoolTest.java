package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HolePoolTest {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int SEGMENTS = 2;
    private static final int STREAM = Stream.of(Stream.SMALL, Stream.FRESH, 0);
    private static final int OTHER = Stream.of(Stream.MAIN, Stream.KEPT, 1);

    private final SegmentTable segments =
            new SegmentTable(
                    StoreMemory.passing(SEGMENTS, SEGMENT_BYTES, HeapMemory::allocate),
                    SEGMENT_BYTES,
                    0,
                    (long) SEGMENTS * SEGMENT_BYTES);
    private final int segment = taken(STREAM);
    private final long start = segments.start(segment);

    private int taken(int stream) {
        int taken = segments.take();
        segments.open(taken, stream);
        return taken;
    }

    @Test
    void take_findsTheShortestThatFits_newestFirst() {
        HolePool holes = new HolePool(segments, 8);
        holes.note(start, 64);
        holes.note(start + 64, 40);
        holes.note(start + 104, 64);

        assertThat(holes.take(STREAM, 48)).isEqualTo(start + 104);
        assertThat(holes.take(STREAM, 32)).isEqualTo(start + 64);
        assertThat(holes.take(STREAM, 64)).isEqualTo(start);
        assertThat(holes.take(STREAM, 24)).isEqualTo(HolePool.NONE);
    }

    @Test
    void take_ofAnotherStreamOrLonger_findsNone() {
        HolePool holes = new HolePool(segments, 8);
        holes.note(start, 64);

        assertThat(holes.take(OTHER, 64)).isEqualTo(HolePool.NONE);
        assertThat(holes.take(STREAM, 72)).isEqualTo(HolePool.NONE);
        assertThat(holes.take(STREAM, 64)).isEqualTo(start);
    }

    @Test
    void take_afterTheSegmentsHolesEnded_findsNone() {
        HolePool holes = new HolePool(segments, 8);
        holes.note(start, 64);
        int life = segments.lifeOfHoles(segment);
        segments.endLifeOfHoles(segment);

        assertThat(segments.lifeOfHoles(segment)).isNotEqualTo(life);
        assertThat(holes.take(STREAM, 64)).isEqualTo(HolePool.NONE);
    }

    @Test
    void note_whenFull_takesThePlaceOfTheOldest() {
        HolePool holes = new HolePool(segments, 4);
        for (int hole = 0; hole < 6; hole++) {
            holes.note(start + hole * 64, hole % 2 == 0 ? 64 : 56);
        }

        assertThat(holes.take(STREAM, 64)).isEqualTo(start + 4 * 64);
        assertThat(holes.take(STREAM, 64)).isEqualTo(start + 2 * 64);
        assertThat(holes.take(STREAM, 64)).isEqualTo(HolePool.NONE);
        assertThat(holes.take(STREAM, 56)).isEqualTo(start + 5 * 64);
        assertThat(holes.take(STREAM, 56)).isEqualTo(start + 3 * 64);
        assertThat(holes.take(STREAM, 56)).isEqualTo(HolePool.NONE);
    }

    @Test
    void anyOrderOfNotesAndTakes_givesEachHoleAtMostOnce_longEnough_andOfItsStream() {
        Random random = new Random(7);
        HolePool holes = new HolePool(segments, 32);
        long otherStart = segments.start(taken(OTHER));
        Map<Long, Integer> noted = new HashMap<>();
        int found = 0;
        for (int step = 0; step < 100_000; step++) {
            int bytes = 24 + 8 * random.nextInt(12);
            boolean other = random.nextBoolean();
            if (random.nextBoolean()) {
                long position = (other ? otherStart : start) + 8L * step;
                noted.put(position, bytes);
                holes.note(position, bytes);
                continue;
            }
            long position = holes.take(other ? OTHER : STREAM, bytes);
            if (position != HolePool.NONE) {
                assertThat(noted.remove(position)).isNotNull().isGreaterThanOrEqualTo(bytes);
                assertThat(position >= otherStart).isEqualTo(other);
                found++;
            }
        }
        assertThat(found).isGreaterThan(20_000);
    }
}
