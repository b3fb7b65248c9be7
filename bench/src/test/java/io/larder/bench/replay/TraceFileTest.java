package io.larder.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.bench.BenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
    @TempDir private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("trace"), text);
    }

    private static List<Request> read(Path path) {
        List<Request> requests = new ArrayList<>();
        new TraceFile(path).forEach(requests::add);
        return requests;
    }

    @Test
    void forEach_readsTheThreeForms() throws IOException {
        List<Request> requests = read(file("a\nb,5\n\nb,7,1000\na"));

        assertThat(requests).extracting(Request::bytes).containsExactly(0, 5, 7, 0);
        assertThat(requests).extracting(Request::ttlMillis).containsExactly(0L, 0L, 1000L, 0L);
        assertThat(requests.get(0).key()).isEqualTo(requests.get(3).key());
        assertThat(requests.get(1).key()).isEqualTo(requests.get(2).key());
        assertThat(requests.get(0).key()).isNotEqualTo(requests.get(1).key());
    }

    @Test
    void forEach_readsGzip_whateverTheName() throws IOException {
        Path path = directory.resolve("packed");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write("1\n2\n1\n".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(read(path)).hasSize(3);
    }

    @Test
    void forEach_ofAnEmptyFile_isNothing() throws IOException {
        assertThat(read(file(""))).isEmpty();
        assertThatThrownBy(() -> TraceProfile.of(new TraceFile(file(""))))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("expected: at least one line");
    }

    @Test
    void keysOfATrace_haveHashesOfTheirOwn() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int key = 0; key < 100_000; key++) {
            text.append(key).append('\n').append("k").append(key).append('\n');
        }

        assertThat(TraceProfile.of(new TraceFile(file(text.toString()))).keys()).isEqualTo(200_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,x      | bytes is no number",
                "a,       | bytes is no number",
                "a,-1     | bytes not in 0..",
                "a,1,x    | ttlMillis is no number",
                "a,1,-5   | ttlMillis not in 0..",
                "a,1,2,3  | ttlMillis is no number",
                "',1'     | no key",
            })
    void forEach_ofAMalformedLine_namesItAndWhatWasExpected(String line, String message)
            throws IOException {
        Path path = file("fine\n" + line + "\n");

        assertThatThrownBy(() -> read(path))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining(message)
                .hasMessageContaining("expected: key[,bytes[,ttlMillis]]");
    }

    @Test
    void profile_meansTheBytesOfDifferentKeys() throws IOException {
        TraceProfile profile = TraceProfile.of(new TraceFile(file("a,100\na,100\na,100\nb,300\n")));

        assertThat(profile).isEqualTo(new TraceProfile(4, 2, true, 200, 300));
    }
}
