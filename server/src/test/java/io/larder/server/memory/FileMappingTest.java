package io.larder.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileMappingTest {
    @TempDir private Path directory;

    private FileChannel file(long bytes) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("file"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.SPARSE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(1), bytes - 1);
        return channel;
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, Integer.MAX_VALUE, 5L << 30})
    void stored_isInTheFile(long bytes) throws IOException {
        try (FileChannel channel = file(bytes)) {
            OffHeapMemory memory = FileMapping.map(channel, bytes);
            long last = (bytes & -8) - 8;
            memory.putLongRelease(last, Long.reverseBytes(0x1122334455667788L));

            ByteBuffer read = ByteBuffer.allocate(8);
            channel.read(read, last);
            assertThat(read.getLong(0)).isEqualTo(0x1122334455667788L);
            assertThat(FileMapping.map(channel, bytes).getLong(last))
                    .isEqualTo(memory.getLong(last));
        }
    }

    @Test
    void sum_acrossViews_isThatOfTheBytes() throws IOException {
        long bytes = 3L << 30;
        try (FileChannel channel = file(bytes)) {
            OffHeapMemory memory = FileMapping.map(channel, bytes);
            byte[] text = new byte[1000];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) i;
            }
            long position = (1L << 30) - 300;
            memory.copyIn(position, Slice.of(text));
            CRC32C expected = new CRC32C();
            expected.update(text);

            assertThat(memory.newChecksum().of(position, text.length))
                    .isEqualTo((int) expected.getValue());
        }
    }

    @Test
    void sum_ofHeapTwin_isTheSame() {
        HeapMemory heap = HeapMemory.allocate(64);
        OffHeapMemory off = OffHeapMemory.allocate(64);
        for (int position = 0; position < 64; position += 8) {
            heap.putLong(position, position * 31L);
            off.putLong(position, position * 31L);
        }

        Checksum inParts = off.newChecksum();
        inParts.begin();
        inParts.add(3, 20);
        inParts.add(23, 30);

        assertThat(heap.newChecksum().of(3, 50)).isEqualTo(off.newChecksum().of(3, 50));
        assertThat(inParts.sum()).isEqualTo(heap.newChecksum().of(3, 50));
    }

    @Test
    void savedMemory_isLoaded() throws IOException {
        OffHeapMemory saved = OffHeapMemory.allocate(1 << 16);
        for (int position = 0; position < 1 << 16; position += 8) {
            saved.putLong(position, position * 7L);
        }
        OffHeapMemory loaded = OffHeapMemory.allocate(1 << 16);
        try (FileChannel channel = file(1)) {
            saved.save(channel);
            loaded.load(channel);
        }

        assertThat(loaded.newChecksum().of(0, 1 << 16))
                .isEqualTo(saved.newChecksum().of(0, 1 << 16));
    }
}
