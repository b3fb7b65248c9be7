package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GhostTableTest {
    private static final int ENTRIES = 4096;

    private final GhostTable ghost = new GhostTable(ENTRIES);

    private void add(int from, int to) {
        for (int key = from; key < to; key++) {
            ghost.add(Hashes.of(key));
        }
    }

    private int remove(int from, int to) {
        int found = 0;
        for (int key = from; key < to; key++) {
            found += ghost.remove(Hashes.of(key)) ? 1 : 0;
        }
        return found;
    }

    @Test
    void remove_findsWhatWasAdded_once() {
        add(0, 100);

        assertThat(remove(0, 100)).isEqualTo(100);
        assertThat(remove(0, 100)).isZero();
    }

    @Test
    void remove_ofOtherKeys_isSeldomFooled() {
        add(0, ENTRIES);

        assertThat(remove(1_000_000, 1_100_000)).isLessThan(100_000 / 300);
    }

    @Test
    void add_pastTheWindow_forgetsTheOldestFirst() {
        ghost.window(1000);
        add(0, 3000);

        assertThat(remove(0, 1800)).as("older than the window").isLessThan(10);
        assertThat(remove(2000, 3000)).as("of the window").isGreaterThan(990);
    }

    /** The ages are four bits that come round: nothing old may look young again. */
    @Test
    void add_forManyWindows_neverRevivesTheForgotten() {
        for (int window : new int[] {8, 100, 1000, ENTRIES}) {
            GhostTable table = new GhostTable(ENTRIES);
            table.window(window);
            table.add(Hashes.of(-1));
            int found = 0;
            for (int key = 0; key < 5 * ENTRIES; key++) {
                table.add(Hashes.of(key));
                if (key > 2 * window && key % 64 == 0) {
                    found += table.remove(Hashes.of(-1)) ? 1 : 0;
                }
            }
            assertThat(found).as("window of %d", window).isZero();
        }
    }

    @Test
    void window_longerThanThereIsRoomFor_isWhatThereIsRoomFor() {
        ghost.window(Long.MAX_VALUE);
        add(0, 100_000);

        assertThat(remove(100_000 - ENTRIES / 2, 100_000)).isGreaterThan(ENTRIES / 2 * 95 / 100);
        assertThat(remove(0, 100_000 - 2 * ENTRIES)).isLessThan(400);
    }

    @Test
    void memory_isTwoBytesAnEntry() {
        assertThat(ghost.memoryBytes()).isEqualTo(2L * ENTRIES);
        assertThat(new GhostTable(1).memoryBytes()).isEqualTo(16);
    }
}
