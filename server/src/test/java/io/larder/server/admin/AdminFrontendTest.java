package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.accesslog.EventListener;
import io.larder.server.auth.AccessControl;
import io.larder.server.command.RequestTimes;
import io.larder.server.config.Configuration;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.insight.InsightSettings;
import io.larder.server.insight.KeyInsight;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.BoundListener;
import io.larder.server.net.ConnectionTable;
import io.larder.server.net.NettyTransport;
import io.larder.server.net.Readiness;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots;
import io.larder.server.store.Fate;
import io.larder.server.store.MapStore;
import io.larder.server.store.MemoryStatus;
import io.larder.server.store.StoreCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("slow")
class AdminFrontendTest {
    private static final String NAMES =
            "(expected: ruok, ready, version, uptime, stats, top, watch, latency, slowlog, client,"
                    + " regions, get, me, delete, touch, scan, count, bigkeys, invalidate, flush, why,"
                    + " hotkeys, mrc, advise, trace, config, limit, memory, compact, expire, snapshot,"
                    + " restore, log, debug, drain, shutdown, help, auth, quit)";

    private static final WatchCommand.Source NOTHING_HAPPENS =
            new WatchCommand.Source() {
                @Override
                public void watch(EventListener listener, boolean withReads) {
                    // nothing happens
                }

                @Override
                public void unwatch(EventListener listener, boolean withReads) {
                    // nothing happens
                }
            };

    private final Map<String, byte[]> items = new HashMap<>();
    private final AtomicInteger flushes = new AtomicInteger();
    private final UncaughtErrors errors = new UncaughtErrors();
    private final List<String> invalidated = new ArrayList<>();
    private final Invalidations invalidations =
            new Invalidations() {
                @Override
                public boolean tag(int regionId, byte[] tag) {
                    return invalidated.add("tag " + regionId + " " + new String(tag, ISO_8859_1));
                }

                @Override
                public boolean prefix(int regionId, byte[] prefix) {
                    return false;
                }
            };
    private final Snapshots snapshots =
            new Snapshots(
                    new Snapshots.Services(
                            (now, liveness, sink) -> 0,
                            new MapStore(),
                            () -> 1,
                            new RegionTable(space -> {}),
                            errors),
                    null);
    private final MemoryControl memory =
            new MemoryControl() {
                private long limitBytes = 64 << 20;

                @Override
                public MemoryStatus status() {
                    return new MemoryStatus(
                            limitBytes, 4 << 20, 128 << 20, 30, 20, 10, 5, limitBytes < 64 << 20);
                }

                @Override
                public MemoryStatus limit(long bytes) {
                    limitBytes = bytes;
                    return status();
                }
            };
    private final RegionTable regions = new RegionTable(space -> flushes.incrementAndGet());
    private final AdminFrontend frontend =
            new AdminFrontend(
                    new AdminFrontend.Services(
                            new AdminItems(new MapStore(), () -> 1, regions, key -> null),
                            this::find,
                            invalidations,
                            memory,
                            regions,
                            new MetricsRegistry()
                                    .register("items", "", () -> 7)
                                    .registerDouble("overhead_bytes_per_item", "", () -> 33.46),
                            errors,
                            ServerLimits.none().disabled(),
                            snapshots,
                            "1.2.3",
                            AccessControl.open()),
                    new AdminFrontend.Controls(
                            new Readiness(),
                            LiveConfiguration.of(Configuration.defaults()),
                            new ConnectionTable(),
                            NOTHING_HAPPENS,
                            new RequestTimes(regions),
                            List::of,
                            space -> "default",
                            () -> {},
                            () -> {},
                            () -> new StoreCheck(0, 0, 0, List.of(), 0, 0),
                            () -> {},
                            null),
                    new Insight(
                            key -> new Fate(Fate.Kind.NEVER_SET, -1, 0, Fate.Reason.NONE, 0),
                            new KeyInsight(
                                    new InsightSettings(true, false, false, (byte) ':'),
                                    regions,
                                    new MapStore()::stats,
                                    hash -> null,
                                    () -> 1)));
    private NettyTransport transport;
    private BoundListener listener;
    private Socket socket;
    private BufferedReader reader;

    /** What stands for a negative item among the values. */
    private static final String NEGATIVE_ITEM = "(negative)";

    private ItemLookup.@Nullable Found find(byte[] key) {
        String name = new String(key, ISO_8859_1);
        if (name.equals("fail")) {
            throw new IllegalStateException("broken\non purpose");
        }
        byte[] value = items.get(name);
        boolean isNegative = value != null && new String(value, UTF_8).equals(NEGATIVE_ITEM);
        return value == null ? null : new ItemLookup.Found(value, isNegative);
    }

    @BeforeEach
    void listen() throws IOException {
        transport = new NettyTransport(1, "test-admin");
        listener = transport.bind(frontend, "127.0.0.1", 0);
        socket = connect();
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        listener.close();
        frontend.gate().closeAll();
        transport.close();
    }

    @Test
    void ruok_isAnsweredByImokAlone() throws IOException {
        send("ruok\nruok\r\n");

        assertThat(lines(2)).containsExactly("imok", "imok");
    }

    @Test
    void version_endsWithEnd() throws IOException {
        assertThat(ask("version")).containsExactly("VERSION 1.2.3", "END");
    }

    @Test
    void stats_showEveryFigure() throws IOException {
        assertThat(ask("stats"))
                .containsExactly("STAT items 7", "STAT overhead_bytes_per_item 33.46", "END");
    }

    @Test
    void memory_showsTheLimitAndWhatIsMadeOfIt() throws IOException {
        assertThat(ask("memory"))
                .containsExactly(
                        "STAT memory_limit_bytes 67108864",
                        "STAT memory_limit_bytes_min 4194304",
                        "STAT memory_limit_bytes_max 134217728",
                        "STAT bytes_used 30",
                        "STAT bytes_free 20",
                        "STAT bytes_withheld 10",
                        "STAT bytes_excess 5",
                        "STAT withheld_pages kept",
                        "END");
    }

    @Test
    void memory_withALimit_changesIt() throws IOException {
        assertThat(ask("memory 32m"))
                .startsWith("STAT memory_limit_bytes 33554432")
                .contains("STAT withheld_pages given-back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3m", "129m", "-1", "much"})
    void memory_withALimitOutOfBounds_namesThem(String limit) throws IOException {
        assertThat(ask("memory " + limit))
                .containsExactly(
                        "ERROR memory-limit "
                                + limit
                                + " (expected: a size of 4m..128m, as 64m, 4g or bytes, or a"
                                + " share as 50%)");
    }

    @Test
    void get_ofPlainText_isTheValueAndEnd() throws IOException {
        items.put("k", "a value".getBytes(UTF_8));

        assertThat(ask("get k")).containsExactly("a value", "END");
    }

    @Test
    void get_ofAbsentKey_isEndAlone() throws IOException {
        assertThat(ask("get k")).containsExactly("END");
    }

    @Test
    void get_ofANegativeItem_saysSo() throws IOException {
        items.put("k", NEGATIVE_ITEM.getBytes(UTF_8));
        items.put("text", "NEGATIVE".getBytes(UTF_8));

        assertThat(ask("get k")).containsExactly("NEGATIVE", "END");
        assertThat(ask("get text")).containsExactly("\"NEGATIVE\"", "END");
    }

    @Test
    void get_ofWhatCouldBeMistaken_isQuoted() throws IOException {
        items.put("end", "END".getBytes(UTF_8));
        items.put("empty", new byte[0]);
        items.put("a key", new byte[] {'a', '\n', 0, (byte) 0xFF});

        assertThat(ask("get end")).containsExactly("\"END\"", "END");
        assertThat(ask("get empty")).containsExactly("\"\"", "END");
        assertThat(ask("get \"a key\"")).containsExactly("\"a\\n\\x00\\xFF\"", "END");
    }

    @Test
    void regions_showsNames_andOneRegionsSettingsAndFigures() throws IOException {
        assertThat(ask("regions")).containsExactly("REGION default", "END");
        assertThat(ask("regions default"))
                .contains("STAT evict normal", "STAT quota_bytes 0", "STAT hits 0", "END");
        assertThat(ask("regions nope"))
                .containsExactly(
                        "ERROR unknown-region nope (expected: one of those that regions lists)");
    }

    @Test
    void flush_clearsEveryRegion() throws IOException {
        assertThat(ask("flush")).containsExactly("OK");
        assertThat(flushes).hasValue(1);
    }

    @Test
    void flush_ofARegionOrATag_clearsThatOnly() throws IOException {
        assertThat(ask("flush region default")).containsExactly("OK");
        assertThat(ask("flush tag default red")).containsExactly("OK");
        assertThat(flushes).hasValue(1);
        assertThat(invalidated).containsExactly("tag 0 red");
    }

    @Test
    void snapshot_saysHowTheLastWent_andIsRefusedWithoutADirectory() throws IOException {
        assertThat(ask("snapshot")).containsExactly("none", "END");
        assertThat(ask("snapshot a"))
                .containsExactly(
                        "ERROR snapshot-refused snapshot.directory: not set (expected: a"
                                + " directory)");
        assertThat(ask("restore ../a"))
                .containsExactly(
                        "ERROR restore-refused snapshot.directory: not set (expected: a"
                                + " directory)");
    }

    @Test
    void help_namesEveryCommand() throws IOException {
        List<String> help = ask("help");

        assertThat(help)
                .hasSize(40)
                .contains("ruok: answers imok if the server works")
                .endsWith("quit: closes the connection", "END")
                .anyMatch(line -> line.startsWith("get KEY: "));
    }

    @Test
    void quit_answersAndCloses_andWhatFollowsIsNotDone() throws IOException {
        send("quit\nflush\n");

        assertThat(lines(1)).containsExactly("OK");
        assertThat(reader.read()).isEqualTo(-1);
        assertThat(flushes).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense        | ERROR unknown-command nonsense " + NAMES,
                "RUOK            | ERROR unknown-command RUOK " + NAMES,
                "ruokk           | ERROR unknown-command ruokk " + NAMES,
                "``              | ERROR empty-line " + NAMES,
                "`  \t `         | ERROR empty-line " + NAMES,
                "get             | ERROR wrong-arguments 0 arguments (expected: get KEY)",
                "get a b         | ERROR wrong-arguments 2 arguments (expected: get KEY)",
                "ruok now        | ERROR wrong-arguments 1 arguments (expected: ruok)",
                "flush all       | ERROR wrong-arguments 1 (expected: flush, flush DELAY, flush"
                        + " region REGION, flush tag REGION TAG or flush prefix REGION PREFIX)",
                "flush region no | ERROR unknown-region no"
                        + " (expected: one of those that regions lists)",
                "flush tag default \"\" | ERROR text-length 0 (expected: 1..64 bytes)",
                "flush prefix default a | ERROR busy too many since the last sweep"
                        + " (expected: a later try)",
                "get \"\"        | ERROR key-length 0 (expected: 1..4095 bytes)",
                "get \"a         | ERROR bad-quoting get \"a: column 5"
                        + " (expected: a closing double quote)",
                "get \"\\q\"     | ERROR bad-quoting get \"\\q\": column 6"
                        + " (expected: \\\" \\\\ \\n \\r \\t or \\xHH)",
                "xé\\            | ERROR unknown-command xé\\ " + NAMES,
                "`a\u0001b`      | ERROR control-character in the line"
                        + " (expected: text; in a quoted word, escapes as \\n or \\x01)",
                "`\u001b[A`      | ERROR control-character in the line"
                        + " (expected: text; in a quoted word, escapes as \\n or \\x01)",
            })
    void wrongLine_isAnErrorThatKeepsTheConnection(String line, String answer) throws IOException {
        send(line + "\nruok\n");

        assertThat(lines(2)).containsExactly(answer, "imok");
    }

    @Test
    void unknownCommand_thatIsLong_isRepeatedInPart() throws IOException {
        send("x".repeat(4000) + "\n");

        assertThat(lines(1).get(0))
                .isEqualTo("ERROR unknown-command " + "x".repeat(64) + "… " + NAMES);
    }

    @Test
    void commandThatFails_isAnErrorAndCounted() throws IOException {
        send("get fail\nruok\n");

        assertThat(lines(2))
                .containsExactly(
                        "ERROR internal get failed: java.lang.IllegalStateException:"
                                + " broken?on purpose",
                        "imok");
        assertThat(errors.count()).isEqualTo(1);
    }

    @Test
    void line_ofTheLongestLength_isRead() throws IOException {
        send("get " + "k".repeat(4092) + "\r\nget " + "k".repeat(4092) + "\n");

        assertThat(lines(2)).containsExactly("END", "END");
    }

    @ParameterizedTest
    @ValueSource(ints = {4097, 5000, 100_000, 3_000_000})
    void line_thatIsTooLong_isAnErrorThatKeepsTheConnection(int length) throws IOException {
        send("get " + "k".repeat(length - 4) + "\nruok\n");

        assertThat(lines(2))
                .containsExactly(
                        "ERROR line-too-long " + length + " bytes (expected: at most 4096)",
                        "imok");
    }

    @Test
    void line_thatComesByteByByte_isRead() throws IOException {
        socket.setTcpNoDelay(true);
        for (byte b : "version\r\n".getBytes(UTF_8)) {
            socket.getOutputStream().write(b);
        }

        assertThat(lines(2)).containsExactly("VERSION 1.2.3", "END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00D1\u0001\u0001",
                "\u0000",
                "\u0016\u0003\u0001\u0002",
                "ruok\u0000",
                "version\nget \u00FF\n",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST / HTTP/1.1\r\n\r\n",
                "PUT\n",
                "PRI * HTTP/2.0\r\n",
                "X-Header: 1\r\nHost: localhost\r\n",
            })
    void whatIsNotThisLanguage_isClosed_andNothingAfterItIsDone(String bytes) throws IOException {
        socket.getOutputStream().write((bytes + "flush\nflush\n").getBytes(ISO_8859_1));

        assertThat(readToEnd()).doesNotContain("OK");
        assertThat(flushes).hasValue(0);
        assertThat(errors.count()).isZero();
    }

    @Test
    void http_withALongFirstLine_isClosed() throws IOException {
        send("POST /" + "x".repeat(10_000) + " HTTP/1.1\r\nflush\n");

        assertThat(readToEnd()).isEmpty();
        assertThat(flushes).hasValue(0);
    }

    @Test
    void manyLargeAnswers_toASlowReader_allArriveInOrder() throws IOException {
        items.put("k", "v".repeat(100_000).getBytes(UTF_8));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("get k\nget ").append(i).append('\n');
            items.put(String.valueOf(i), String.valueOf(i).getBytes(UTF_8));
        }
        Thread sender = new Thread(() -> sendQuietly(lines.toString()));
        sender.start();

        for (int i = 0; i < 100; i++) {
            assertThat(reader.readLine()).hasSize(100_000);
            assertThat(lines(3)).containsExactly("END", String.valueOf(i), "END");
        }
    }

    @Test
    void connectionsBeyondTheLimit_areToldSo() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 1; i < AdminFrontend.CONNECTIONS_MAX; i++) {
                sockets.add(connect());
                askOn(sockets.get(i - 1));
            }
            Socket extra = connect();
            sockets.add(extra);

            assertThat(new String(extra.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo(
                            "ERROR connection-limit one connection too many"
                                    + " (expected: at most 64)\n");
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @Test
    void drain_closesConnections() throws IOException {
        assertThat(ask("flush")).containsExactly("OK");

        assertThat(frontend.gate().drain(10_000)).isTrue();

        assertThat(reader.read()).isEqualTo(-1);
        assertThat(frontend.gate().open()).isZero();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    }

    private static void askOn(Socket other) throws IOException {
        other.getOutputStream().write("ruok\n".getBytes(UTF_8));
        assertThat(other.getInputStream().readNBytes(5)).isEqualTo("imok\n".getBytes(UTF_8));
    }

    private List<String> ask(String line) throws IOException {
        send(line + '\n');
        List<String> answer = new ArrayList<>();
        String last;
        do {
            last = reader.readLine();
            answer.add(last);
        } while (!last.equals("END") && !last.equals("OK") && !last.startsWith("ERROR "));
        return answer;
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private void sendQuietly(String text) {
        try {
            send(text);
        } catch (IOException e) {
            // the reader will see less than it wants
        }
    }

    private List<String> lines(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(reader.readLine());
        }
        return lines;
    }

    private String readToEnd() throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketException e) {
            return ""; // reset: closed before it had read everything
        }
    }
}
