package io.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Tag("slow")
class BenchMainTest {
    private static final int EXIT_USAGE = 2;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine commandLine = BenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    void execute_withoutName_namesTheCommands() {
        assertThat(execute()).isEqualTo(EXIT_USAGE);
        assertThat(err.toString()).contains("NAME: none", "ycsb", "wire");
    }

    @Test
    void execute_unknownName_isAUsageError() {
        assertThat(execute("nonsense")).isEqualTo(EXIT_USAGE);
        assertThat(out.toString()).doesNotContain("RESULT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ycsb                                                | --workload",
                "ycsb --workload z                                   | expected one of",
                "ycsb --workload a --records 0                       | --records: 0 (expected: 1..",
                "ycsb --workload a --operations -1                   | --operations: -1",
                "ycsb --workload a --threads 0                       | --threads: 0",
                "ycsb --workload a --target localhost                | expected: HOST:PORT",
                "ycsb --workload a --target localhost:1 -D a=b       | none with --target",
                "linearizable --operations 10                        | --operations: 10 (expected: 1000..",
                "linearizable --clients 1                            | --clients: 1 (expected: 2..48",
                "linearizable --plant ghost                          | expected one of",
                "linearizable --restarts -1                          | --restarts: -1 (expected: 0..",
                "stall --seconds 1                                   | --seconds: 1 (expected: 2..",
                "ycsb --workload a -D store.memory                   | expected: key=value",
                "ycsb --workload a -p recordcount=5                  | expected: --records",
                "ycsb --workload a -p db=site.ycsb.BasicDB           | -p db: taken",
                "ycsb --workload a -p nonsense                       | -p",
                "wire --seconds 0                                    | --seconds: 0",
                "wire --depth 0                                      | --depth: 0",
                "wire --depth 1,1                                    | each once",
                "wire --value-bytes 7                                | --value-bytes: 7",
                "wire --distribution normal                          | expected one of",
                "peers --seconds 0                                   | --seconds: 0",
                "peers --pairs redis                                 | expected one of",
                "peers --connections 50+                             | expected: 1..1000",
                "peers --connections 0                               | expected: 1..1000",
                "peers --depth 16,16                                 | each once",
                "peers --value-bytes 100,7                           | --value-bytes: 7",
                "peers --set-percent 101                             | --set-percent: 101",
                "peers --memory --scale 0                            | --scale: 0",
                "jcstress --seconds 0                                | --seconds: 0",
                "soak --seconds 0                                    | --seconds: 0",
                "soak --memory 1m                                    | expected: a size of",
                "soak --threads 0                                    | --threads: 0",
                "memory --items 999                                  | --items: 999",
                "memory --key-bytes 7                                | --key-bytes: 7",
                "flood --keys 10                                     | --keys: 10",
                "flood --rounds 0                                    | --rounds: 0",
                "console --seconds 9                                 | --seconds: 9 (expected: 10..",
                "console --rate 99                                   | --rate: 99 (expected: 100..",
                "locks --threads 0                                   | --threads: 0",
                "locks --value-bytes 4001                            | --value-bytes: 4001",
                "locks --rounds 0                                    | --rounds: 0",
                "proof --seconds 0                                   | --seconds: 0",
                "proof --threads 1                                   | --threads: 1",
                "proof --iterations 0                                | --iterations: 0",
                "stampede --processes 1                              | --processes: 1",
                "stampede --threads 0                                | --threads: 0",
                "stampede --keys 0                                   | --keys: 0",
                "stampede --loader-millis 0                          | --loader-millis: 0",
                "store --items 999                                   | --items: 999",
                "store --items 1000,1000                             | each once",
                "store --engines larder                              | another to compare it with",
                "store --engines redis                               | expected one of",
                "store --operations delete                           | expected one of",
                "store --threads 0                                   | --threads: 0",
                "store --seconds 0                                   | --seconds: 0",
                "replay --capacity-items 100                         | --trace",
                "replay --trace none.gz --capacity-items 100         | expected: a readable file",
                "replay --trace pom.xml --capacity-items 15          | --capacity-items: 15",
                "replay --trace pom.xml --capacity-items 99 --policy | --policy",
                "replay --trace pom.xml --capacity-items 99 --policy arc | expected one of",
                "traces                                              | --out",
                "curve --operations 0                                | --operations: 0",
                "curve --keys 10                                     | --keys: 10",
                "curve --cost --seconds 0                            | --seconds: 0",
            })
    void execute_wrongArgument_namesItAndWhatWasExpected(String arguments, String message) {
        assertThat(execute(arguments.split(" ", -1))).isEqualTo(EXIT_USAGE);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).doesNotContain("RESULT");
    }

    @Test
    void execute_targetThatDoesNotAnswer_failsWithoutResult() {
        int exitCode =
                execute(
                        "ycsb",
                        "--workload",
                        "c",
                        "--records",
                        "1",
                        "--operations",
                        "1",
                        "--target",
                        "127.0.0.1:1");

        assertThat(exitCode).isEqualTo(BenchMain.EXIT_BROKEN);
        assertThat(err.toString()).contains("bench: ");
        assertThat(out.toString()).doesNotContain("RESULT");
    }
}
