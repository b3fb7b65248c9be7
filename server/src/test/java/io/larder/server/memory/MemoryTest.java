package io.larder.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's memory and its twin do the same. */
class MemoryTest {
    private static final int BYTES = 64;

    private enum Kind {
        OFF_HEAP(OffHeapMemory::allocate),
        HEAP(HeapMemory::allocate);

        private final LongFunction<Memory> allocator;

        Kind(LongFunction<Memory> allocator) {
            this.allocator = allocator;
        }

        /** Memory of which byte {@code i} is {@code i}. */
        Memory counted() {
            Memory memory = allocator.apply(BYTES);
            memory.zero(0, BYTES);
            memory.copyIn(0, Slice.of(count(BYTES)));
            return memory;
        }
    }

    private static byte[] count(int bytes) {
        byte[] count = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            count[i] = (byte) i;
        }
        return count;
    }

    private static byte[] all(Memory memory) {
        byte[] all = new byte[BYTES];
        memory.copyOut(0, all, 0, BYTES);
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void word_putInAnyMode_isGotInAnyMode(Kind kind) {
        Memory memory = kind.counted();

        memory.putLong(8, -2);
        memory.putLongRelease(56, Long.MIN_VALUE);

        assertThat(memory.getLong(8)).isEqualTo(-2);
        assertThat(memory.getLongOpaque(8)).isEqualTo(-2);
        assertThat(memory.getLongAcquire(56)).isEqualTo(Long.MIN_VALUE);
        assertThat(memory.getByte(7)).isEqualTo((byte) 7);
        assertThat(memory.getByte(16)).isEqualTo((byte) 16);
    }

    @ParameterizedTest
    @EnumSource
    void compareAndSet_ofAnotherValue_changesNothing(Kind kind) {
        Memory memory = kind.counted();
        memory.putLong(8, 5);

        assertThat(memory.compareAndSetLong(8, 6, 7)).isFalse();
        assertThat(memory.getLong(8)).isEqualTo(5);
        assertThat(memory.compareAndSetLong(8, 5, 7)).isTrue();
        assertThat(memory.getLong(8)).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource
    void int_putInEitherHalf_leavesTheOther(Kind kind) {
        for (int position = 8; position < 16; position += 4) {
            Memory memory = kind.counted();
            byte[] expected = count(BYTES);
            Arrays.fill(expected, position, position + 4, (byte) -1);

            memory.putInt(position, -1);

            assertThat(memory.getInt(position)).isEqualTo(-1);
            assertThat(all(memory)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void copyIn_anywhere_changesThoseBytesOnly(Kind kind) {
        for (int position = 0; position < 17; position++) {
            for (int length = 0; length < 20; length++) {
                Memory memory = kind.counted();
                byte[] expected = count(BYTES);
                byte[] source = new byte[length + 2];
                Arrays.fill(source, (byte) 0xA5);
                Arrays.fill(expected, position, position + length, (byte) 0xA5);

                memory.copyIn(position, new Slice().wrap(source, 1, length));

                assertThat(all(memory)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void copyOut_anywhere_givesThoseBytes(Kind kind) {
        Memory memory = kind.counted();
        for (int position = 0; position < 17; position++) {
            for (int length = 0; length < 20; length++) {
                byte[] target = new byte[length + 2];
                byte[] expected = new byte[length + 2];
                System.arraycopy(count(BYTES), position, expected, 1, length);

                memory.copyOut(position, target, 1, length);

                assertThat(target).isEqualTo(expected);
                assertThat(memory.wrap(position, length, new Slice()).toByteArray())
                        .isEqualTo(Arrays.copyOfRange(expected, 1, length + 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalTo_isFalseIfAnyByteDiffers(Kind kind) {
        Memory memory = kind.counted();
        for (int position = 0; position < 9; position++) {
            for (int length = 1; length < 20; length++) {
                byte[] same = Arrays.copyOfRange(count(BYTES), position, position + length);
                assertThat(memory.equalTo(position, Slice.of(same))).isTrue();
                for (int i = 0; i < length; i++) {
                    byte[] other = same.clone();
                    other[i] ^= 0x10;
                    assertThat(memory.equalTo(position, Slice.of(other))).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void copy_insideTheMemory_alignedOrNot_changesTheTargetOnly(Kind kind) {
        int[][] copies = {{0, 32, 24}, {1, 33, 7}, {3, 40, 17}, {8, 24, 8}, {5, 32, 0}};
        for (int[] each : copies) {
            Memory memory = kind.counted();
            byte[] expected = count(BYTES);
            System.arraycopy(count(BYTES), each[0], expected, each[1], each[2]);

            memory.copy(each[0], each[1], each[2]);

            assertThat(all(memory)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void zero_clearsThoseBytesOnly(Kind kind) {
        Memory memory = kind.counted();
        byte[] expected = count(BYTES);
        Arrays.fill(expected, 8, 32, (byte) 0);

        memory.zero(8, 24);

        assertThat(all(memory)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void access_outside_isAnAssertion(Kind kind) {
        Memory memory = kind.counted();

        assertThatThrownBy(() -> memory.getLong(BYTES)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> memory.putLong(-8, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void offHeapMemory_isAlignedToAPage_andAddressedFromItsStart() {
        OffHeapMemory memory = OffHeapMemory.allocate(100);
        memory.copyIn(9, Slice.of(new byte[] {1, 2, 3}));
        Slice slice = memory.wrap(0, 100, new Slice());

        assertThat(slice.start() % 4096).isZero();
        assertThat(slice.isNative()).isTrue();
        assertThat(memory.wrap(9, 3, slice).toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void part_isAddressedFromItsOwnStart_andKeepsTheWhole() {
        OffHeapMemory memory = OffHeapMemory.allocate(128);
        OffHeapMemory part = memory.slice(64, 64);
        part.putLong(8, 42);

        assertThat(part.bytes()).isEqualTo(64);
        assertThat(memory.getLong(72)).isEqualTo(42);
        assertThatThrownBy(() -> memory.slice(64, 65))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("length: 65");
    }
}
