package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the limits that all connections share look like in other servers' protocols. */
@Timeout(60)
class CompatLimitsTest {
    private static final String[] BOTH = {"listeners.memcached.port=0", "listeners.resp.port=0"};

    private static CompatServer server(String... definitions) throws Exception {
        String[] all = new String[BOTH.length + definitions.length];
        System.arraycopy(BOTH, 0, all, 0, BOTH.length);
        System.arraycopy(definitions, 0, all, BOTH.length, definitions.length);
        return new CompatServer(all);
    }

    private static byte[] binary(int opcode, String key, int extras, int valueBytes) {
        ByteBuffer request = ByteBuffer.allocate(24 + extras + key.length() + valueBytes);
        request.put((byte) 0x80).put((byte) opcode).putShort((short) key.length());
        request.put((byte) extras).position(8);
        request.putInt(extras + key.length() + valueBytes);
        request.position(24 + extras);
        request.put(key.getBytes(ISO_8859_1));
        return request.array();
    }

    private static int status(byte[] reply, int at) {
        return ByteBuffer.wrap(reply).getShort(at + 6);
    }

    @Test
    void disabledGroups_areRefusedInEachProtocol_andTheRestWorks() throws Exception {
        try (CompatServer server = server("commands.disabled=flush,scan,stats,write")) {
            assertThat(
                            server.talk(
                                    "memcached",
                                    "flush_all\r\nset k 0 0 3\r\nabc\r\nms k 3\r\nabc\r\nget k\r\n"
                                            + "stats\r\nversion\r\n"))
                    .startsWith(
                            "CLIENT_ERROR flush_all not allowed\r\n"
                                    + "CLIENT_ERROR set not allowed\r\n"
                                    + "CLIENT_ERROR ms not allowed\r\nEND\r\n"
                                    + "CLIENT_ERROR stats not allowed\r\nVERSION ");
            assertThat(
                            server.talk(
                                    "resp",
                                    "FLUSHALL\r\nSCAN 0\r\nSET k v\r\nGET k\r\nINFO\r\nPING\r\n"))
                    .isEqualTo(
                            "-ERR command 'flushall' is turned off\r\n"
                                    + "-ERR command 'scan' is turned off\r\n"
                                    + "-ERR command 'set' is turned off\r\n"
                                    + "$-1\r\n"
                                    + "-ERR command 'info' is turned off\r\n"
                                    + "+PONG\r\n");
            byte[] flush = server.talk("memcached", binary(0x08, "", 0, 0));
            assertThat(status(flush, 0)).isEqualTo(0x83);
            byte[] set = server.talk("memcached", binary(0x01, "k", 8, 5));
            assertThat(status(set, 0)).isEqualTo(0x83);
        }
    }

    @Test
    void disabledGroups_areRefusedByAdminAndHttp() throws Exception {
        try (CompatServer server = server("commands.disabled=flush,config-set,stats")) {
            assertThat(ask(server, "admin", "flush\nconfig set log.level warn\nruok\nquit\n"))
                    .contains("ERROR disabled flush ", "ERROR disabled config ", "imok");
            assertThat(get(server, "/metrics")).startsWith("HTTP/1.1 403 ");
            assertThat(get(server, "/api/stats")).startsWith("HTTP/1.1 403 ");
            assertThat(get(server, "/health")).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String ask(CompatServer server, String listener, String bytes)
            throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port(listener))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String get(CompatServer server, String path) throws Exception {
        return ask(
                server,
                "http",
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    @Test
    void rate_isToldInEachProtocol_andDataOfARefusedLineIsThrownAway() throws Exception {
        try (CompatServer server = server("limits.rate.write=2", "limits.rate.read=100")) {
            String set = "set k 0 0 5\r\nget k\r\n"; // its data, which looks like a command
            assertThat(server.talk("memcached", (set).repeat(3) + "get k\r\n"))
                    .startsWith(
                            "STORED\r\nSTORED\r\nSERVER_ERROR busy: rate of write (expected: at")
                    .endsWith("VALUE k 0 5\r\nget k\r\nEND\r\n");
        }
        try (CompatServer server = server("limits.rate.write=1")) {
            assertThat(server.talk("resp", "CLIENT SETNAME a\r\nSET k v\r\nSET k w\r\nGET k\r\n"))
                    .startsWith("+OK\r\n+OK\r\n-BUSY rate of write (expected: at most 1 a second;")
                    .endsWith("$1\r\nv\r\n");
            assertThat(server.talk("resp", "CLIENT SETNAME b\r\nSET k x\r\n"))
                    .isEqualTo("+OK\r\n+OK\r\n");
        }
        try (CompatServer server = server("limits.rate.write=1")) {
            byte[] set = binary(0x01, "k", 8, 5);
            byte[] twice = ByteBuffer.allocate(2 * set.length).put(set).put(set).array();
            byte[] replies = server.talk("memcached", twice);
            assertThat(status(replies, 0)).isZero();
            assertThat(status(replies, 24)).isEqualTo(0x85);
        }
    }

    /** Each command takes a millisecond, so that what was sent at once waits for seconds. */
    @Test
    void moreThanCanBeDone_isBusyInEachProtocol_andTheConversationGoesOn() throws Exception {
        int requests = 3_000;
        try (CompatServer server =
                server("debug.command-delay-micros=1000", "limits.queueing-delay=5")) {
            String text = server.talk("memcached", "get k\r\n".repeat(requests) + "version\r\n");
            assertThat(count(text, "END\r\n")).isPositive();
            assertThat(count(text, "SERVER_ERROR busy: queueing: too long (expected: "))
                    .isGreaterThan(requests / 2);
            assertThat(text.lines()).hasSize(requests + 1);
            assertThat(text).contains("VERSION ");

            String resp = server.talk("resp", "GET k\r\n".repeat(requests) + "PING\r\n");
            assertThat(count(resp, "$-1\r\n")).isPositive();
            assertThat(count(resp, "-BUSY queueing: too long ")).isGreaterThan(requests / 2);
            assertThat(resp).endsWith("+PONG\r\n");

            byte[] get = binary(0x00, "k", 0, 0);
            ByteBuffer gets = ByteBuffer.allocate(requests * get.length);
            while (gets.hasRemaining()) {
                gets.put(get);
            }
            Map<Integer, Integer> statuses = statuses(server.talk("memcached", gets.array()));
            assertThat(statuses).containsOnlyKeys(0x01, 0x85);
            assertThat(statuses.get(0x85)).isGreaterThan(requests / 2);
        }
    }

    private static long count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    /** How often each status is in replies of memcached's binary protocol. */
    private static Map<Integer, Integer> statuses(byte[] replies) {
        Map<Integer, Integer> statuses = new HashMap<>();
        for (int at = 0; at < replies.length; ) {
            statuses.merge(status(replies, at), 1, Integer::sum);
            at += 24 + ByteBuffer.wrap(replies).getInt(at + 8);
        }
        return statuses;
    }

    @Test
    void clientThatSendsNoMore_isAnsweredAll_alsoWhatHadToWait() throws Exception {
        int valueBytes = 1 << 20;
        int gets = 24;
        String bulk = "$" + valueBytes + "\r\n" + "x".repeat(valueBytes) + "\r\n";
        try (CompatServer server = server("store.memory=64m")) {
            server.talk("resp", "*3\r\n$3\r\nSET\r\n$1\r\nv\r\n" + bulk + "CLIENT PAUSE 300\r\n");

            String replies = server.talk("resp", "GET v\r\n".repeat(gets) + "PING\r\n");

            assertThat(replies).hasSize(gets * bulk.length() + 7).endsWith("x\r\n+PONG\r\n");
        }
    }

    @Test
    void connectionOverTheLimit_isToldInTheProtocolsWords() throws Exception {
        try (CompatServer server = server("limits.connections=1");
                Socket first = new Socket("127.0.0.1", server.port("memcached"));
                Socket other = new Socket("127.0.0.1", server.port("resp"))) {
            first.getOutputStream().write("version\r\n".getBytes(ISO_8859_1));
            assertThat(first.getInputStream().read()).isEqualTo('V');
            other.getOutputStream().write("PING\r\n".getBytes(ISO_8859_1));
            assertThat(other.getInputStream().read()).isEqualTo('+');
            assertThat(server.talk("memcached", "version\r\n"))
                    .isEqualTo(
                            "ERROR Too many open connections: connections: 2 (expected: at most"
                                    + " 1)\r\n");
            assertThat(server.talk("resp", "PING\r\n"))
                    .isEqualTo(
                            "-ERR max number of clients reached: connections: 2 (expected: at most"
                                    + " 1)\r\n");
        }
    }

    @Test
    void halfARequest_isCutOffAtTheFramesDeadline_andSilenceIsNot() throws Exception {
        try (CompatServer server = server("limits.frame-timeout=100");
                Socket silent = new Socket("127.0.0.1", server.port("resp"))) {
            String[][] halves = {
                {"memcached", "get k"},
                {"memcached", "set k 0 0 10\r\nabc"},
                {"memcached", "\u0080\u0000\u0000"},
                {"resp", "*2\r\n$3\r\nGET\r\n$5\r\nab"},
                {"resp", "PIN"}
            };
            silent.getOutputStream().write("PING\r\n".getBytes(ISO_8859_1));
            assertThat(new String(silent.getInputStream().readNBytes(7), ISO_8859_1))
                    .isEqualTo("+PONG\r\n");
            for (String[] half : halves) {
                try (Socket socket = new Socket("127.0.0.1", server.port(half[0]))) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(half[1].getBytes(ISO_8859_1));
                    assertThat(isClosed(socket)).as(half[1]).isTrue();
                }
            }
            silent.getOutputStream().write("PING\r\n".getBytes(ISO_8859_1));
            assertThat(silent.getInputStream().read()).isEqualTo('+');
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException silence) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
