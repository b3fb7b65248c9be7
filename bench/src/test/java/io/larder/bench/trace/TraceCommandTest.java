package io.larder.bench.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A load on a real server, recorded and replayed. */
@Tag("slow")
@Timeout(60)
class TraceCommandTest {
    private static final int KEYS = 2_000;

    private final StringWriter out = new StringWriter();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @TempDir private Path directory;

    private int execute(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int index = 0; index < words.length; index++) {
            words[index] = arguments[index].toString();
        }
        CommandLine commandLine = new CommandLine(new TraceCommand());
        commandLine.setOut(new PrintWriter(out));
        return commandLine.execute(words);
    }

    private static LarderServer startServer() throws Exception {
        return LarderServer.start(
                new ConfigurationLoader()
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0")
                        .define("store.memory=4m")
                        .load());
    }

    /** Reads keys at random until it is over, and stores what is not there. */
    private void load(String address) {
        Random random = new Random(3);
        try (Larder larder = Larder.connect("larder://" + address)) {
            BytesCache cache = larder.cache();
            while (!isOver.get()) {
                byte[] key = ("key:" + random.nextInt(KEYS)).getBytes(UTF_8);
                if (cache.get(key).isEmpty()) {
                    cache.put(key, new byte[200]);
                }
            }
        }
    }

    @Test
    void recordedLoad_isReplayed_intoATableAndAPlot() throws Exception {
        Path trace = directory.resolve("trace.gz");
        try (LarderServer server = startServer()) {
            String data = "127.0.0.1:" + requireNonNull(server.dataAddress()).getPort();
            int admin = requireNonNull(server.adminAddress()).getPort();
            Thread loading = new Thread(() -> load(data));
            loading.start();
            try {
                assertThat(
                                execute(
                                        "record",
                                        "--admin",
                                        "127.0.0.1:" + admin,
                                        "--seconds",
                                        2,
                                        "--out",
                                        trace))
                        .isZero();
            } finally {
                isOver.set(true);
                loading.join();
            }
        }
        assertThat(out.toString()).matches("(?s)RESULT trace_record records=[1-9].* lost=.*");

        assertThat(execute("replay", "--trace", trace)).isZero();

        assertThat(out.toString())
                .contains("size              MiB     larder   caffeine     s3fifo")
                .containsPattern("\n4.00 x           16.0 +[0-9.]+ % +[0-9.]+ % +[0-9.]+ %\n")
                .containsPattern(
                        "\nRESULT trace_replay reads=[1-9][0-9]* keys=[1-9][0-9]* larder=");
        assertThat(Files.readString(Path.of(trace + ".svg")))
                .startsWith("<svg ")
                .contains(">larder</text>", ">caffeine</text>", ">s3fifo</text>", ">4 MiB</text>");
    }

    @Test
    void whatIsNoServer_isSaid_andNothingElse() {
        assertThat(execute("record", "--admin", "nowhere", "--out", directory.resolve("x")))
                .isEqualTo(2);
        assertThat(execute("replay", "--trace", directory.resolve("none"))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }
}
