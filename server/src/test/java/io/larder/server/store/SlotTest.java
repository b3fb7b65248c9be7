package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotTest {
    private static final long HASH = 0xFF_ABCDE_0000_0001L;
    private static final long POSITION_MAX = (1L << 41) - 8;

    @Test
    void everyField_atItsEdges_comesBackAndTouchesNoOther() {
        for (long position : new long[] {8, 4096, POSITION_MAX}) {
            for (long generation : new long[] {0, 1, 15, 16, -1}) {
                for (int kind : new int[] {Slot.KIND_ITEM, Slot.KIND_TOMBSTONE}) {
                    long slot = Slot.of(HASH, kind, generation, position);
                    for (int freq = 0; freq <= Slot.FREQ_MAX; freq++) {
                        long marked = Slot.withFreq(slot, freq);

                        assertThat(Slot.position(marked)).isEqualTo(position);
                        assertThat(Slot.kind(marked)).isEqualTo(kind);
                        assertThat(Slot.freq(marked)).isEqualTo(freq);
                        assertThat(Slot.mayHold(marked, Slot.tagBits(HASH))).isTrue();
                        assertThat(Slot.sameItem(slot, marked)).isTrue();
                        assertThat(Slot.withFreq(marked, 0)).isEqualTo(slot);
                    }
                }
            }
        }
    }

    @Test
    void sameItem_differingInAnythingButFrequency_isFalse() {
        long slot = Slot.of(HASH, Slot.KIND_ITEM, 3, 64);

        assertThat(Slot.sameItem(slot, Slot.of(HASH, Slot.KIND_ITEM, 4, 64))).isFalse();
        assertThat(Slot.sameItem(slot, Slot.of(HASH, Slot.KIND_ITEM, 3, 72))).isFalse();
        assertThat(Slot.sameItem(slot, Slot.of(HASH, Slot.KIND_TOMBSTONE, 3, 64))).isFalse();
        assertThat(Slot.sameItem(slot, Slot.of(~HASH, Slot.KIND_ITEM, 3, 64))).isFalse();
        assertThat(Slot.sameItem(slot, Slot.EMPTY)).isFalse();
    }

    @Test
    void tag_isTheHashsBits38To55_soNeitherShardNorBucketGoIntoIt() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long tag = Slot.tagBits(1L << bit);

            assertThat(tag != 0).as("bit %d", bit).isEqualTo(bit >= 38 && bit < 56);
        }
    }

    @Test
    void emptySlot_holdsNoKey_notEvenOneWithTagZero() {
        assertThat(Slot.mayHold(Slot.EMPTY, 0)).isFalse();
        assertThat(Slot.mayHold(Slot.of(0, Slot.KIND_ITEM, 0, 8), 0)).isTrue();
    }

    @Test
    void hitMark_setsTheFrequencyOnce() {
        long slot = Slot.of(HASH, Slot.KIND_ITEM, 3, 64);

        assertThat(Slot.freq(slot | Slot.FREQ_ONE)).isEqualTo(1);
        assertThat(Slot.withFreq(slot, 1)).isEqualTo(slot | Slot.FREQ_ONE);
    }
}
