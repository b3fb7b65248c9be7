package io.larder.server.memory;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Sums up parts of one {@link Memory} by CRC32C, by the processor's own instruction where it has
 * one. For one thread at a time; the memory stays reachable through it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4">RFC 3720, CRC32C</a>
 */
public abstract class Checksum {
    private static final int VIEW_SHIFT = 30;

    final CRC32C crc = new CRC32C();

    private Checksum() {}

    /** The sum of {@code length} bytes at {@code position}. */
    public final int of(long position, int length) {
        crc.reset();
        add(position, length);
        return (int) crc.getValue();
    }

    /** Begins a sum of several parts. */
    public final void begin() {
        crc.reset();
    }

    /** Adds a part to the sum begun. */
    public abstract void add(long position, int length);

    /** The sum of what was added. */
    public final int sum() {
        return (int) crc.getValue();
    }

    /** Over native memory, which is looked at through buffers of a gibibyte. */
    static final class OverNative extends Checksum {
        private final OffHeapMemory memory;
        private final ByteBuffer[] views;

        OverNative(OffHeapMemory memory) {
            this.memory = memory;
            this.views = new ByteBuffer[Math.toIntExact(((memory.bytes() - 1) >>> VIEW_SHIFT) + 1)];
            for (int i = 0; i < views.length; i++) {
                long start = (long) i << VIEW_SHIFT;
                views[i] = memory.view(start, Math.min(1 << VIEW_SHIFT, memory.bytes() - start));
            }
        }

        @Override
        public void add(long position, int length) {
            assert memory.inside(position, length) : position;
            long at = position;
            int left = length;
            while (left > 0) {
                int offset = (int) at & (1 << VIEW_SHIFT) - 1;
                int count = Math.min(left, (1 << VIEW_SHIFT) - offset);
                ByteBuffer view = views[(int) (at >>> VIEW_SHIFT)];
                view.limit(offset + count).position(offset);
                crc.update(view);
                at += count;
                left -= count;
            }
        }
    }

    /** Over the heap twin, by copies. */
    static final class OverCopies extends Checksum {
        private final Memory memory;

        OverCopies(Memory memory) {
            this.memory = memory;
        }

        @Override
        public void add(long position, int length) {
            byte[] copy = new byte[length];
            memory.copyOut(position, copy, 0, length);
            crc.update(copy, 0, length);
        }
    }
}
