package io.larder.bench.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.bench.BenchException;
import io.larder.bench.trace.RecordedTrace.Step;
import io.larder.server.store.AccessSampler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedTraceTest {
    private static final String START = "TRACE bits=0 limit_bytes=1048576 item_bytes=1000000";

    @TempDir private Path directory;

    private RecordedTrace trace(String... lines) throws IOException {
        Path file = directory.resolve("trace.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((String.join("\n", lines) + "\n").getBytes(US_ASCII));
        }
        return RecordedTrace.open(file);
    }

    private static List<Step> steps(RecordedTrace trace) {
        List<Step> steps = new ArrayList<>();
        trace.forEach(steps::add);
        return steps;
    }

    @Test
    void missAndItsLoad_areOneRead_withTheSizeAndTtlOfWhatWasLoaded() throws IOException {
        RecordedTrace trace =
                trace(
                        START,
                        "MISS at_millis=5 key=00000000000000ff",
                        "NEW at_millis=6 key=00000000000000ff bytes=128 ttl_millis=700",
                        "HIT at_millis=9 key=00000000000000ff bytes=128 ttl_millis=690");

        List<Step> steps = steps(trace);

        assertThat(steps).extracting(Step::atMillis).containsExactly(5L, 9L);
        assertThat(steps).allMatch(Step::isRead);
        assertThat(steps.get(0).request().key()).isEqualTo(255);
        assertThat(steps.get(0).request().bytes()).isEqualTo(100);
        assertThat(trace.reads()).isEqualTo(2);
        assertThat(trace.itemsThatFit()).isEqualTo(1_000_000 / 128.0);
    }

    @Test
    void storeThatNoMissHasLedTo_isAStep_andNoRead() throws IOException {
        RecordedTrace trace =
                trace(
                        START,
                        "NEW at_millis=6 key=1 bytes=128 ttl_millis=0",
                        "HIT at_millis=9 key=1 bytes=128 ttl_millis=0",
                        "DELETED at_millis=9 key=1",
                        "OVERWRITE at_millis=9 key=1 bytes=128 ttl_millis=0");

        assertThat(steps(trace)).extracting(Step::isRead).containsExactly(false, true);
    }

    @Test
    void missWithoutAValueEver_isLeftOut_andCounted() throws IOException {
        RecordedTrace trace =
                trace(
                        START,
                        "MISS at_millis=1 key=2",
                        "HIT at_millis=9 key=1 bytes=128 ttl_millis=0");

        assertThat(steps(trace)).hasSize(1);
        assertThat(trace.unknown()).isEqualTo(1);
    }

    @Test
    void sampleThatWasThinned_countsWithTheKeysThatAreLeft_fromTheBeginning() throws IOException {
        long gone = 1;
        while (AccessSampler.isKept(gone, 1)) {
            gone++;
        }
        long left = 1;
        while (!AccessSampler.isKept(left, 1)) {
            left++;
        }
        RecordedTrace trace =
                trace(
                        START,
                        "HIT at_millis=1 key=" + Long.toHexString(gone) + " bytes=99 ttl_millis=0",
                        "THINNED bits=1",
                        "HIT at_millis=2 key=" + Long.toHexString(left) + " bytes=99 ttl_millis=0");

        assertThat(steps(trace)).extracting(Step::atMillis).containsExactly(2L);
        assertThat(trace.bits()).isEqualTo(1);
    }

    @Test
    void lineThatIsNone_isNamed() {
        assertThatThrownBy(() -> trace(START, "HIT at_millis=1 key=1 bytes=many ttl_millis=0"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("expected: a file that trace record has written");
        assertThatThrownBy(() -> trace(START, "HIT key"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no name=value");
    }

    @Test
    void traceWithoutAnyRead_isRefused() {
        assertThatThrownBy(() -> trace(START, "NEW at_millis=1 key=1 bytes=99 ttl_millis=0"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no read of a key with a value");
    }
}
