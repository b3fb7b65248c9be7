package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemLayoutTest {
    private static final int[] STATES = {
        ItemLayout.STATE_END,
        ItemLayout.STATE_RESERVED,
        ItemLayout.STATE_COMPLETE,
        ItemLayout.STATE_DEAD
    };

    @Test
    void word0_everyFieldAtItsEdges_comesBack() {
        for (long expiry :
                new long[] {0, 1, ItemLayout.EXPIRY_NEVER - 1, ItemLayout.EXPIRY_NEVER}) {
            for (int length : new int[] {0, 1, ItemLayout.VALUE_BYTES_MAX}) {
                for (int state : STATES) {
                    long word0 = ItemLayout.word0(expiry, length, state);

                    assertThat(ItemLayout.expiryMillis(word0)).isEqualTo(expiry);
                    assertThat(ItemLayout.valueLength(word0)).isEqualTo(length);
                    assertThat(ItemLayout.state(word0)).isEqualTo(state);
                }
            }
        }
    }

    @Test
    void word0_oneFieldChanged_keepsTheOthers() {
        long word0 = ItemLayout.word0(77, ItemLayout.VALUE_BYTES_MAX, ItemLayout.STATE_RESERVED);

        assertThat(ItemLayout.withState(word0, ItemLayout.STATE_DEAD))
                .isEqualTo(ItemLayout.word0(77, ItemLayout.VALUE_BYTES_MAX, ItemLayout.STATE_DEAD));
        assertThat(ItemLayout.withExpiry(word0, ItemLayout.EXPIRY_NEVER))
                .isEqualTo(
                        ItemLayout.word0(
                                ItemLayout.EXPIRY_NEVER,
                                ItemLayout.VALUE_BYTES_MAX,
                                ItemLayout.STATE_RESERVED));
        assertThat(ItemLayout.withExpiry(word0, 0))
                .isEqualTo(
                        ItemLayout.word0(0, ItemLayout.VALUE_BYTES_MAX, ItemLayout.STATE_RESERVED));
    }

    @Test
    void word1_everyFieldAtItsEdges_comesBack() {
        for (long version : new long[] {0, 1, ItemLayout.VERSION_MASK}) {
            for (int length : new int[] {0, 1, Key.BYTES_MAX}) {
                for (int kind = 0; kind < 8; kind++) {
                    for (boolean extended : new boolean[] {false, true}) {
                        long word1 = ItemLayout.word1(version, length, kind, extended);

                        assertThat(ItemLayout.version(word1)).isEqualTo(version);
                        assertThat(ItemLayout.keyLength(word1)).isEqualTo(length);
                        assertThat(ItemLayout.kind(word1)).isEqualTo(kind);
                        assertThat(ItemLayout.extended(word1)).isEqualTo(extended);
                    }
                }
            }
        }
    }

    @Test
    void anyTwoStates_differInTwoBits() {
        for (int state : STATES) {
            for (int other : STATES) {
                assertThat(Integer.bitCount(state ^ other)).isIn(state == other ? 0 : 2);
            }
        }
    }

    @Test
    void itemBytes_areAllPartsRoundedUpToAWord() {
        assertThat(ItemLayout.itemBytes(0, 20, 32)).isEqualTo(72);
        assertThat(ItemLayout.itemBytes(0, 1, 0)).isEqualTo(24);
        assertThat(ItemLayout.itemBytes(0, 4, 0)).isEqualTo(24);
        assertThat(ItemLayout.itemBytes(0, 5, 0)).isEqualTo(32);
        assertThat(ItemLayout.itemBytes(16, 1, 4)).isEqualTo(48);
    }

    @Test
    void extension_takesRoomOnlyForWhatIsUsed() {
        assertThat(ItemLayout.extensionBytes(0, 0)).isZero();
        assertThat(ItemLayout.extensionBytes(1, 0)).isEqualTo(8);
        assertThat(ItemLayout.extensionBytes(Integer.MIN_VALUE, 0)).isEqualTo(8);
        assertThat(ItemLayout.extensionBytes(0, 1)).isEqualTo(16);
        assertThat(ItemLayout.extensionBytes(-1, -1)).isEqualTo(16);
    }

    @Test
    void item_withAnyExtension_isReadAsWritten_onBothMemories() {
        long position = 8;
        for (Memory memory : List.of(OffHeapMemory.allocate(256), HeapMemory.allocate(256))) {
            for (int flags : new int[] {0, 1, -1}) {
                for (long callerVersion : new long[] {0, 1, -1}) {
                    for (int space : new int[] {0, 1, 0xFF_FFFF}) {
                        for (int format : new int[] {0, 1, 255}) {
                            int bytes = ItemLayout.extensionBytes(flags, callerVersion);
                            memory.zero(0, 256);
                            if (bytes > 0) {
                                ItemLayout.writeExtension(
                                        memory, position, bytes, flags, callerVersion);
                            }
                            ItemLayout.writeSpaceAndFormat(memory, position, bytes, space, format);
                            long word1 = ItemLayout.word1(9, 3, 0, bytes > 0);

                            assertThat(ItemLayout.extensionBytes(memory, position, word1))
                                    .isEqualTo(bytes);
                            assertThat(ItemLayout.clientFlags(memory, position, bytes))
                                    .isEqualTo(flags);
                            assertThat(ItemLayout.callerVersion(memory, position, bytes))
                                    .isEqualTo(callerVersion);
                            assertThat(ItemLayout.space(memory, position, bytes)).isEqualTo(space);
                            assertThat(ItemLayout.format(memory, position, bytes))
                                    .isEqualTo(format);
                        }
                    }
                }
            }
        }
    }

    @Test
    void matches_anotherKeyOrSpaceOrLength_isFalse() {
        KeyHasher hasher = new KeyHasher(1, 2);
        Memory memory = HeapMemory.allocate(64);
        byte[] bytes = {1, 2, 3};
        memory.putLong(ItemLayout.WORD1_OFFSET, ItemLayout.word1(1, 3, 0, false));
        ItemLayout.writeSpaceAndFormat(memory, 0, 0, 5, 255);
        memory.copyIn(ItemLayout.keyPosition(0, 0), Slice.of(bytes));
        Key key = new Key();

        assertThat(ItemLayout.matches(memory, 0, key.wrap(hasher, 5, bytes))).isTrue();
        assertThat(ItemLayout.matches(memory, 0, key.wrap(hasher, 4, bytes))).isFalse();
        assertThat(ItemLayout.matches(memory, 0, key.wrap(hasher, 5, bytes, 0, 2))).isFalse();
        assertThat(ItemLayout.matches(memory, 0, key.wrap(hasher, 5, new byte[] {1, 2, 4})))
                .isFalse();
    }
}
