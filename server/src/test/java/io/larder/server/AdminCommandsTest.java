package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.net.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every admin command over a socket of a real server: plain, in JSON, and in its wrong forms. */
@Timeout(120)
@Tag("slow")
class AdminCommandsTest {
    /**
     * @param line what is asked
     * @param answer what every line of the answer but the ending looks like; null for an error
     * @param ending its last line
     */
    private record Row(String line, String answer, String ending) {
        static Row figures(String line) {
            return new Row(line, "STAT [a-z][a-z0-9_.-]* .*", "END");
        }

        static Row of(String line, String answer) {
            return new Row(line, answer, "END");
        }

        static Row done(String line) {
            return new Row(line, "", "OK");
        }

        static Row wrong(String line, String error) {
            return new Row(line, "", "ERROR " + error + " .*\\(expected: .*\\).*");
        }

        String command() {
            return line.split(" ", -1)[0];
        }
    }

    private static final List<Row> ROWS =
            List.of(
                    new Row("ruok", "", "imok"),
                    Row.wrong("ruok now", "wrong-arguments"),
                    Row.done("ready"),
                    Row.of("version", "VERSION .*"),
                    Row.figures("uptime"),
                    Row.figures("stats"),
                    Row.figures("stats general"),
                    Row.figures("stats items"),
                    Row.figures("stats memory"),
                    Row.figures("stats evict"),
                    Row.figures("stats expiry"),
                    Row.figures("stats tier"),
                    Row.figures("stats net"),
                    Row.figures("stats log"),
                    Row.figures("stats settings"),
                    Row.wrong("watch delete region=", "bad-option"),
                    Row.wrong("watch delete region=-", "bad-option"),
                    Row.of("stats shards", "SHARD shard=[0-9]+ items=[0-9]+ .*"),
                    Row.of("stats regions", "REGION region=[a-z]+ items=[0-9]+ .*"),
                    Row.of("stats conns", "CLIENT id=[0-9]+ address=127.0.0.1:[0-9]+ name=test .*"),
                    Row.done("stats reset"),
                    Row.wrong("stats nonsense", "unknown-group"),
                    Row.figures("top"),
                    Row.wrong("watch nonsense", "unknown-event"),
                    Row.wrong("watch delete colour=red", "bad-option"),
                    Row.wrong("watch delete sample=1/0", "bad-option"),
                    Row.of("latency", "LATENCY command=[A-Z_]+ count=[1-9][0-9]* p50_micros=.*"),
                    Row.of(
                            "latency hello",
                            "LATENCY command=HELLO count=1 p50_micros=[0-9.]+ p99_micros=[0-9.]+"
                                    + " p999_micros=[0-9.]+ max_micros=[0-9.]+"),
                    Row.wrong("latency nonsense", "unknown-request"),
                    Row.of("slowlog get", "SLOW time=.*"),
                    Row.of("slowlog get 128", "SLOW time=.*"),
                    Row.wrong("slowlog get 129", "bad-count"),
                    Row.figures("slowlog len"),
                    Row.done("slowlog reset"),
                    Row.wrong("slowlog len 3", "wrong-arguments"),
                    Row.wrong("slowlog nonsense", "wrong-arguments"),
                    Row.of("client list", "CLIENT id=[0-9]+ .*"),
                    Row.done("client pause 1"),
                    Row.wrong("client pause 2h", "bad-time"),
                    Row.wrong("client kill 999999", "not-found"),
                    Row.wrong("client kill you", "bad-id"),
                    Row.wrong("client nonsense", "wrong-arguments"),
                    Row.of("regions", "REGION default"),
                    Row.figures("regions default"),
                    Row.wrong("regions nonsense", "unknown-region"),
                    Row.of("get greeting", "hello"),
                    Row.of("get absent", ""),
                    Row.figures("me greeting"),
                    Row.of("me absent", ""),
                    Row.done("touch greeting 1h"),
                    Row.wrong("touch greeting soon", "bad-ttl"),
                    Row.wrong("touch absent 1h", "not-found"),
                    Row.done("delete gone"),
                    Row.wrong("delete gone", "not-found"),
                    Row.of("scan 0", "CURSOR 0|greeting|large|user:.*"),
                    Row.of("scan 0 user: 10", "CURSOR [0-9]+|user:[0-9]"),
                    Row.wrong("scan nowhere", "bad-cursor"),
                    Row.wrong("scan 0 user: many", "bad-count"),
                    Row.of("why greeting", "live|overwritten at=.* by=connection .*"),
                    Row.of("why gone", "deleted at=\\S+ by=operator"),
                    Row.of("why absent", "never-set"),
                    Row.wrong("why \"\"", "key-length"),
                    Row.of("hotkeys", "KEY key=.* reads=[0-9]+ region=default"),
                    Row.of("hotkeys 3", "KEY key=.* reads=[0-9]+ region=default"),
                    Row.wrong("hotkeys 101", "bad-count"),
                    Row.of("hotkeys write", "KEY key=.* writes=[0-9]+ region=default"),
                    Row.of("hotkeys 2 bytes", "KEY key=.* bytes=[0-9]+ region=default"),
                    Row.wrong("hotkeys 2 often", "bad-kind"),
                    Row.of("mrc", "POINT bytes=[0-9]+ hit_ratio=[01]\\.[0-9]+"),
                    Row.of("mrc default", "POINT bytes=[0-9]+ hit_ratio=[01]\\.[0-9]+"),
                    Row.wrong("mrc nowhere", "unknown-region"),
                    Row.of("advise", ".*"),
                    Row.wrong("trace all", "wrong-arguments"),
                    Row.of("stats prefix", "PREFIX prefix=.* region=default hits=[0-9]+ .*"),
                    Row.of("stats prefix 1", "PREFIX prefix=.* region=default hits=[0-9]+ .*"),
                    Row.wrong("stats prefix 501", "bad-count"),
                    Row.wrong("stats items 5", "wrong-arguments"),
                    Row.figures("count user:"),
                    Row.of("bigkeys 1", "KEY key=large value_bytes=5000"),
                    Row.wrong("bigkeys 0", "bad-count"),
                    Row.done("invalidate prefix nobody:"),
                    Row.done("invalidate tag none after 1h"),
                    Row.done("invalidate region default after 1h"),
                    Row.wrong("invalidate region nonsense", "unknown-region"),
                    Row.wrong("invalidate prefix a before 1h", "wrong-arguments"),
                    Row.wrong("invalidate prefix a after never", "bad-time"),
                    Row.wrong("invalidate everything x", "wrong-arguments"),
                    Row.done("flush 1h"),
                    Row.wrong("flush 99h", "bad-delay"),
                    Row.wrong("flush region", "wrong-arguments"),
                    Row.of(
                            "config get limits.idle-timeout",
                            "CONFIG name=limits.idle-timeout value=0 default=0 unit=milliseconds"
                                    + " restart=false origin=\"the default\""),
                    Row.of("config get", "CONFIG name=.*"),
                    Row.done("config set limits.idle-timeout 1h"),
                    Row.wrong("config set limits.idle-timeout soon", "bad-setting"),
                    Row.wrong("config set threads.event-loops 1", "bad-setting"),
                    Row.wrong("config set nonsense 1", "bad-setting"),
                    Row.wrong("config get nonsense", "unknown-key"),
                    Row.wrong("config set", "wrong-arguments"),
                    Row.of("config rewrite", "limits.idle-timeout"),
                    Row.done("limit 20m"),
                    Row.wrong("limit 1k", "bad-setting"),
                    Row.figures("memory"),
                    Row.wrong("memory lots", "memory-limit"),
                    Row.done("compact"),
                    Row.done("expire"),
                    Row.of("snapshot", "snapshot none|none"),
                    Row.of("snapshot status", "snapshot none|none"),
                    Row.wrong("snapshot save here", "snapshot-refused"),
                    Row.wrong("snapshot take here", "wrong-arguments"),
                    Row.wrong("restore here", "restore-refused"),
                    Row.done("log level info"),
                    Row.wrong("log level loud", "bad-setting"),
                    Row.wrong("log size 3", "wrong-arguments"),
                    Row.figures("debug check"),
                    Row.of("debug errors", "FAULT count=.*"),
                    Row.wrong("debug everything", "wrong-arguments"),
                    Row.wrong("shutdown", "disabled"),
                    Row.of("help", "[a-z]+.*: .*"),
                    Row.of("help me", "me KEY: .*"),
                    Row.wrong("help nonsense", "unknown-command"),
                    Row.wrong("auth nobody nothing", "no-users"),
                    Row.wrong("nonsense", "unknown-command"));

    /** Those that end the conversation, or the service; they have tests of their own. */
    private static final Set<String> LAST = Set.of("quit", "drain");

    private LarderServer server;
    private Socket socket;
    private BufferedReader reader;
    private RawClient client;

    @TempDir private Path directory;

    @BeforeEach
    void start() throws Exception {
        Path file = directory.resolve("larder.conf");
        Files.writeString(file, "# mine\nstore.memory = 16m\nstore.memory.max = 32m\n");
        ConfigurationLoader loader = new ConfigurationLoader().file(file);
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        server = LarderServer.start(new LiveConfiguration(loader));
        client = RawClient.greeted(server.dataAddress().getPort());
        for (String key : List.of("greeting", "gone", "user:1", "user:2")) {
            client.ask(RequestFrame.set(key, "hello"));
        }
        client.ask(RequestFrame.set("large", "x".repeat(5000)));
        connect();
    }

    private void connect() throws IOException {
        InetSocketAddress admin = server.adminAddress();
        socket = new Socket(admin.getAddress(), admin.getPort());
        socket.setSoTimeout(20_000);
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        client.close();
        server.close();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private List<String> ask(String line) throws IOException {
        send(line + '\n');
        return answer();
    }

    private List<String> answer() throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = reader.readLine();
            lines.add(String.valueOf(line));
        } while (line != null && !line.matches("END|OK|imok|ERROR .*"));
        return lines;
    }

    @Test
    void everyCommand_answersAsItsRowSays() throws IOException {
        for (Row row : ROWS) {
            List<String> answer = ask(row.line());

            assertThat(answer.get(answer.size() - 1)).as(row.line()).matches(row.ending());
            assertThat(answer.subList(0, answer.size() - 1))
                    .as(row.line())
                    .allSatisfy(line -> assertThat(line).matches(row.answer()));
            if (row.answer().startsWith("STAT") && !row.line().equals("stats tier")) {
                assertThat(answer).as(row.line()).hasSizeGreaterThan(1);
            }
        }
        assertThat(ask("stats")).contains("STAT uncaught_errors 0");
    }

    @Test
    void everyCommand_answersInJson_withOneValueOnOneLine() throws IOException {
        for (Row row : ROWS) {
            send("json " + row.line() + '\n');
            String line = reader.readLine();

            assertThat(isOneJsonValue(line)).as("%s: %s", row.line(), line).isTrue();
            assertThat(line.startsWith("{\"error\":\""))
                    .as("%s: %s", row.line(), line)
                    .isEqualTo(row.ending().startsWith("ERROR"));
        }
    }

    private static boolean isOneJsonValue(String line) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        }
    }

    @Test
    void everyCommand_hasARow() throws IOException {
        Set<String> rows = new TreeSet<>();
        ROWS.forEach(row -> rows.add(row.command()));
        rows.addAll(LAST);
        rows.remove("nonsense");
        Pattern name = Pattern.compile("^([a-z]+)[ :].*");

        List<String> help = ask("help");

        assertThat(help.subList(0, help.size() - 1))
                .extracting(line -> line.replaceAll(name.pattern(), "$1"))
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void jsonStats_isAFlatObjectOfNumbers() throws IOException {
        send("json stats\n");

        assertThat(reader.readLine())
                .matches("\\{(\"[a-z0-9_]+\":-?[0-9.E+-]+,?)+}")
                .contains("\"items\":5,", "\"memory_limit_bytes\":16777216,");
    }

    @Test
    void watch_sendsWhatHappens_untilAnotherLine() throws IOException {
        send("watch mutation prefix=order:\n");
        awaitWatcher();
        client.ask(RequestFrame.set("user:3", "v"));
        client.ask(RequestFrame.set("order:1", "v"));

        assertThat(reader.readLine())
                .matches("STORED time=\\S+ region=default key=\"order:1\" version=[0-9]+");
        send("\n");
        assertThat(reader.readLine()).isEqualTo("END");
        assertThat(ask("ruok")).containsExactly("imok");
    }

    @Test
    void watchFetch_showsHitsAndMisses_inJsonToo() throws IOException {
        send("json watch fetch\n");
        awaitWatcher();
        client.ask(RequestFrame.get("greeting"));
        client.ask(RequestFrame.get("absent\"\n"));

        assertThat(reader.readLine()).contains("\"event\":\"HIT\"", "\"key\":\"greeting\"");
        assertThat(reader.readLine()).contains("\"event\":\"MISS\"", "\"key\":\"absent\\\"\\n\"");
    }

    @Test
    void watchConn_showsConnections() throws IOException {
        send("watch conn\n");
        awaitWatcher();
        RawClient.greeted(server.dataAddress().getPort()).close();

        assertThat(reader.readLine()).startsWith("CONNECTION_OPENED ");
        assertThat(reader.readLine()).startsWith("CONNECTION_CLOSED ");
    }

    @Test
    void slowRequests_areKept_andSentToThoseWhoWatch_whileThereIsAThreshold() throws IOException {
        assertThat(ask("config set slow-log.threshold 1ms")).containsExactly("OK");
        send("watch slow\n");
        awaitWatcher();
        await().until(
                        () -> {
                            client.ask(heavy());
                            return reader.ready();
                        });
        assertThat(reader.readLine())
                .matches(
                        "SLOW time=\\S+ region=default key=\"[A-Z_]+ [a-z:0-9]*\""
                                + " version=[0-9]{4,}");
        send("\n");
        answer();

        assertThat(ask("slowlog get 128"))
                .anyMatch(
                        line ->
                                line.matches(
                                        "SLOW time=\\S+ command=BATCH micros=[0-9]{4,}"
                                                + " region=default key=\"\" key_bytes=0 client=test"
                                                + " address=127.0.0.1:[0-9]+ requests=1"));
        assertThat(ask("config set slow-log.threshold 0")).containsExactly("OK");
        assertThat(ask("slowlog reset")).containsExactly("OK");
        client.ask(heavy());
        assertThat(ask("slowlog len")).containsExactly("STAT slow_requests 0", "END");
    }

    /** One request that is work for a millisecond, nearly always. */
    private static RequestFrame heavy() {
        RequestFrame[] sets = new RequestFrame[1_000];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = RequestFrame.set("heavy:" + i, "v".repeat(1_000));
        }
        return RequestFrame.batch(sets);
    }

    @Test
    void statsNet_hasTheFiguresOfConnectionsAndPushes() throws IOException {
        assertThat(ask("stats net"))
                .extracting(line -> line.replaceAll("^STAT ([a-z_]+) .*", "$1"))
                .contains(
                        "connections",
                        "connections_accepted",
                        "connections_refused",
                        "read_batches",
                        "leases",
                        "leases_granted",
                        "parked_requests",
                        "push_connections",
                        "hot_keys_told",
                        "tracking_bytes",
                        "checksum_mismatches");
    }

    /** Another connection's answer comes behind: one event loop serves both. */
    private void awaitWatcher() throws IOException {
        InetSocketAddress admin = server.adminAddress();
        try (Socket other = new Socket(admin.getAddress(), admin.getPort())) {
            other.getOutputStream().write("ruok\n".getBytes(UTF_8));
            assertThat(other.getInputStream().readNBytes(5)).isEqualTo("imok\n".getBytes(UTF_8));
        }
    }

    @Test
    void linesBehindASlowAnswer_waitForTheirTurn() throws IOException {
        send("count user:\nruok\nbigkeys 1\nruok\n");

        assertThat(answer()).contains("STAT items 2").endsWith("END");
        assertThat(answer()).containsExactly("imok");
        assertThat(answer()).containsExactly("KEY key=large value_bytes=5000", "END");
        assertThat(answer()).containsExactly("imok");
    }

    @Test
    void clientKill_closesThatConnection() throws IOException {
        String id = ask("client list").get(0).replaceAll("CLIENT id=([0-9]+) .*", "$1");

        assertThat(ask("client kill " + id)).containsExactly("OK");
        assertThat(client.isClosedByServer()).isTrue();
        await().untilAsserted(() -> assertThat(ask("client list")).containsExactly("END"));
    }

    @Test
    void configSet_takesEffect_andRewriteKeepsIt() throws IOException {
        assertThat(ask("config set store.memory 24m")).containsExactly("OK");
        awaitAnswer("stats memory", "STAT memory_limit_bytes 25165824"); // figures are 100 ms old
        assertThat(ask("config get store.memory").get(0)).contains("value=24m");

        assertThat(ask("config rewrite")).containsExactly("store.memory", "END");
        assertThat(Files.readString(directory.resolve("larder.conf")))
                .isEqualTo("# mine\nstore.memory = 24m\nstore.memory.max = 32m\n");
    }

    @Test
    void changedFile_takesEffect_andABadOneChangesNothing() throws IOException {
        Path file = directory.resolve("larder.conf");
        Files.writeString(file, "store.memory = 20m\nstore.memory.max = 32m\nregion.r.ttl = 5s\n");
        awaitAnswer("stats memory", "STAT memory_limit_bytes 20971520");
        assertThat(ask("config get region.r.ttl").get(0)).contains("value=5s");

        Files.writeString(file, "store.memory = 28m\nstore.memory.max = 32m\nlimits.typo = 1\n");
        Files.writeString(file, "store.memory = 18m\nstore.memory.max = 32m\n");
        awaitAnswer("stats memory", "STAT memory_limit_bytes 18874368");
    }

    private void awaitAnswer(String line, String expected) {
        await().untilAsserted(() -> assertThat(ask(line)).contains(expected));
    }

    @Test
    void drain_takesTheServerOutOfService() throws IOException {
        assertThat(ask("drain")).containsExactly("OK");

        await().untilAsserted(
                        () ->
                                assertThat(ask("ready").get(0))
                                        .startsWith("ERROR not-ready draining"));
    }

    @Test
    void shutdown_whereAllowed_stopsTheServer() throws Exception {
        stop();
        server =
                LarderServer.start(
                        new LiveConfiguration(
                                Stream.of("data", "admin", "http")
                                        .map(name -> "listeners." + name + ".port=0")
                                        .reduce(
                                                new ConfigurationLoader()
                                                        .define("admin.shutdown=true")
                                                        .define("store.memory=16m"),
                                                ConfigurationLoader::define,
                                                (left, right) -> left)));
        client = RawClient.greeted(server.dataAddress().getPort());
        connect();

        assertThat(ask("shutdown")).containsExactly("OK");
        assertThat(client.isClosedByServer()).isTrue();
    }
}
