package io.larder.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.bench.BenchException;
import io.larder.bench.replay.SimulatorTrace.Format;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import picocli.CommandLine;

class SimulatorTraceTest {
    private final StringWriter out = new StringWriter();

    private long convert(Format format, String entry, byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream packer =
                entry.endsWith(".xz")
                        ? new XZOutputStream(packed, new LZMA2Options(0))
                        : new GZIPOutputStream(packed)) {
            packer.write(content);
        }
        return new SimulatorTrace("test", entry, format)
                .convert(new ByteArrayInputStream(packed.toByteArray()), out);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void numbers_skipStars() throws IOException {
        assertThat(convert(Format.NUMBERS, "a.gz", ascii("*\n12\n\n* x\n7\n"))).isEqualTo(2);
        assertThat(out).hasToString("12\n7\n");
    }

    @Test
    void integers_areBigEndian() throws IOException {
        byte[] ints = ByteBuffer.allocate(8).putInt(258).putInt(-1).array();
        byte[] longs = ByteBuffer.allocate(8).putLong(1L << 40).array();

        assertThat(convert(Format.INTS, "a.xz", ints)).isEqualTo(2);
        assertThat(convert(Format.LONGS, "a.gz", longs)).isEqualTo(1);
        assertThat(out).hasToString("258\n-1\n1099511627776\n");
    }

    @Test
    void sizesAndAddresses_takeTheirColumns() throws IOException {
        convert(Format.SIZES, "a.xz", ascii("1 42 7454\n2 43 68\n"));
        convert(Format.ADDRESSES, "a.gz", ascii("s 0x1fffff50 1\n#eof\n"));

        assertThat(out).hasToString("42,7454\n43,68\n0x1fffff50\n");
    }

    @Test
    void names_areAllDifferent() {
        assertThat(SimulatorTrace.all()).extracting(SimulatorTrace::name).doesNotHaveDuplicates();
    }

    @Test
    void command_withoutTheArtifact_saysHowToFetchIt() {
        TracesCommand command = new TracesCommand();
        new CommandLine(command).parseArgs("--out", "none", "--simulator", "none.jar");

        assertThatThrownBy(command::call)
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("mvn dependency:get")
                .hasMessageContaining("simulator:3.2.3");
    }
}
