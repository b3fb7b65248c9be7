package io.larder.server.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.store.Fate.Kind;
import io.larder.server.store.Fate.Reason;
import org.junit.jupiter.api.Test;

class RemovalRingTest {
    private static final int CAPACITY = 1_000;
    private static final long LATE_MILLIS = (1L << 39) - 1; // 17 years

    private final RemovalRing ring = new RemovalRing(CAPACITY);

    private void add(long hash, Kind kind) {
        ring.add(hash, hash, kind, Reason.NONE, 5, 0, 0);
    }

    @Test
    void entry_isReadAsItWasWritten() {
        ring.add(-7, 3, Kind.EVICTED, Reason.QUOTA, LATE_MILLIS, 1 << 20, -1);

        assertThat(ring.last(-7))
                .isEqualTo(
                        new RemovalRing.Entry(
                                3, new Fate(Kind.EVICTED, LATE_MILLIS, -1, Reason.QUOTA, 0xFFFF)));
        assertThat(ring.last(7)).isNull();
    }

    @Test
    void lastOfAKeysRemovals_counts() {
        add(1, Kind.EXPIRED);
        add(2, Kind.DELETED);
        add(1, Kind.CLEARED);

        assertThat(requireNonNull(ring.last(1)).fate().kind()).isEqualTo(Kind.CLEARED);
    }

    @Test
    void fullRing_hasTheLastSoMany_andIsNotWholeFromThenOn() {
        for (long hash = 0; hash < CAPACITY; hash++) {
            add(hash, Kind.DELETED);
        }
        assertThat(ring.isWhole()).isTrue();
        assertThat(ring.last(0)).isNotNull();

        for (long hash = CAPACITY; hash < 3 * CAPACITY / 2; hash++) {
            add(hash, Kind.DELETED);
        }

        assertThat(ring.isWhole()).isFalse();
        assertThat(ring.last(CAPACITY / 2 - 1)).isNull();
        for (long hash = CAPACITY / 2; hash < 3 * CAPACITY / 2; hash++) {
            assertThat(ring.last(hash)).isNotNull();
        }
    }
}
