package io.larder.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SliceTest {
    private static final byte[] BYTES = {1, 2, -3, 4, 5, -6, 7, 8, 9, 10, 11};

    @Test
    void arrayAndNativeBytes_readTheSame() {
        OffHeapMemory memory = OffHeapMemory.allocate(64);
        memory.copyIn(5, Slice.of(BYTES));
        Slice array = Slice.of(BYTES);
        Slice inMemory = memory.wrap(5, BYTES.length, new Slice());

        for (Slice slice : new Slice[] {array, inMemory}) {
            assertThat(slice.toByteArray()).isEqualTo(BYTES);
            assertThat(slice.getByte(2)).isEqualTo((byte) -3);
            assertThat(slice.getLong(3))
                    .isEqualTo(ByteBuffer.wrap(BYTES).order(ByteOrder.nativeOrder()).getLong(3));
        }
    }

    @Test
    void tail_isTheLastBytesPaddedWithZeros() {
        for (int from = BYTES.length - 7; from <= BYTES.length; from++) {
            byte[] padded = Arrays.copyOf(Arrays.copyOfRange(BYTES, from, BYTES.length), 8);
            long expected = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).getLong();

            assertThat(Slice.of(BYTES).getTail(from)).isEqualTo(expected);
        }
    }

    @Test
    void wrap_outsideTheArray_isRefused() {
        int[][] outside = {{-1, 1}, {0, 12}, {11, 1}, {0, -1}, {Integer.MAX_VALUE, 1}};
        for (int[] each : outside) {
            assertThatThrownBy(() -> new Slice().wrap(BYTES, each[0], each[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("expected: inside 0..11");
        }
        assertThat(new Slice().wrap(BYTES, 11, 0).length()).isZero();
    }
}
