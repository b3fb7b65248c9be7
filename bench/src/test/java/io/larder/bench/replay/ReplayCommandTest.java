package io.larder.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
    @TempDir private Path directory;
    private final StringWriter out = new StringWriter();

    private int replay(String text, String... more) throws IOException {
        Path trace = Files.writeString(directory.resolve("trace"), text);
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--trace";
        arguments[1] = trace.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        CommandLine commandLine = new CommandLine(new ReplayCommand());
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        return commandLine.execute(arguments);
    }

    @Test
    void replay_all_endsWithALineForEachPolicy() throws IOException {
        int exitCode = replay("1\n2\n1\n1\n", "--capacity-items", "100", "--policy", "all");

        assertThat(exitCode).isZero();
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(line).contains(" requests=4 hits=2 items_peak=2"))
                .extracting(line -> line.substring(0, line.indexOf(" requests")))
                .containsExactly(
                        "RESULT replay policy=caffeine hit_ratio=0.5000",
                        "RESULT replay policy=s3fifo hit_ratio=0.5000",
                        "RESULT replay policy=lru hit_ratio=0.5000",
                        "RESULT replay policy=larder hit_ratio=0.5000");
        assertThat(out.toString()).contains("value_bytes=4068 shards=1 segment_bytes=8192");
    }

    @Test
    void replay_withBytes_tellsTheByteHitRatio() throws IOException {
        replay("1,100\n2,300\n1,100\n", "--capacity-items", "100");

        assertThat(out.toString()).contains("hit_ratio=0.3333", "byte_hit_ratio=0.2000");
    }

    @Test
    void replay_ofAMalformedTrace_hasNoResult() throws IOException {
        int exitCode = replay("1\n2,x\n", "--capacity-items", "100");

        assertThat(exitCode).isNotZero();
        assertThat(out.toString()).contains("line 2").doesNotContain("RESULT");
    }
}
