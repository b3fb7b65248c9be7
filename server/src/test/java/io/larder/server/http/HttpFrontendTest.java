package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.auth.AccessControl;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.BoundListener;
import io.larder.server.net.NettyTransport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpFrontendTest {
    private static final String GET = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final AtomicInteger made = new AtomicInteger();
    private final UncaughtErrors errors = new UncaughtErrors();
    private final NettyTransport transport = new NettyTransport(1, "test-http");
    private HttpFrontend frontend;
    private BoundListener listener;
    private Socket socket;
    private InputStream input;

    /** What came back: the status line, the headers in lower case, the body. */
    private record Reply(String status, Map<String, String> headers, String body) {}

    private void open(long deadlineMillis) throws IOException {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/page", () -> Answer.line(OK, "made " + made.incrementAndGet()));
        pages.put("/large", () -> Answer.line(OK, "x".repeat(1 << 20) + made.incrementAndGet()));
        pages.put(
                "/broken",
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        frontend =
                new HttpFrontend(
                        new Site(pages, Map.of(), ServerLimits.none().disabled()),
                        errors,
                        AccessControl.open(),
                        deadlineMillis);
        listener = transport.bind(frontend, "127.0.0.1", 0);
        connect();
    }

    private void open() throws IOException {
        open(HttpFrontend.DEADLINE_MILLIS);
    }

    private void connect() throws IOException {
        socket = new Socket("127.0.0.1", listener.address().getPort());
        input = new BufferedInputStream(socket.getInputStream());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        listener.close();
        frontend.gate().closeAll();
        transport.close();
    }

    @Test
    void get_isThePage_withItsLength_andKeepsTheConnection() throws IOException {
        open();

        Reply first = ask(GET);
        Reply second = ask("GET /page?with=query HTTP/1.1\r\nHost: 127.0.0.1:7172\r\n\r\n");

        assertThat(first.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(first.body()).isEqualTo("made 1\n");
        assertThat(first.headers())
                .containsEntry("content-type", "text/plain; charset=utf-8")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff")
                .doesNotContainKeys("server", "connection");
        assertThat(second.body()).isEqualTo("made 2\n");
    }

    @Test
    void head_isTheHeadersAlone() throws IOException {
        open();

        send("HEAD /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Reply head = replyWithoutBody();

        assertThat(head.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(head.headers()).containsEntry("content-length", "7");
        assertThat(ask(GET).body()).isEqualTo("made 2\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/pages", "/page/", "//page", "/%70age"})
    void otherPath_is404_andListsWhatThereIs(String path) throws IOException {
        open();

        Reply reply = ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(reply.status()).isEqualTo("HTTP/1.1 404 Not Found");
        assertThat(reply.body())
                .isEqualTo("no such page: " + path + " (expected: /page, /large, /broken)\n");
        assertThat(ask(GET).body()).isEqualTo("made 1\n");
    }

    @Test
    void pathThatIsLong_isRepeatedInPart_andWithoutWhatIsNoText() throws IOException {
        open();

        Reply reply =
                ask("GET /\u00e9" + "x".repeat(1000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(reply.body()).startsWith("no such page: /?xxx").contains("x... (expected: ");
    }

    @Test
    void pageThatFails_isCountedAndSaysLittle() throws IOException {
        open();

        Reply reply = ask("GET /broken HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(reply.status()).isEqualTo("HTTP/1.1 500 Internal Server Error");
        assertThat(reply.body()).doesNotContain("purpose");
        assertThat(errors.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /page HTTP/1.1~Host: localhost~Content-Length: 3~~abc | 405 | GET or HEAD",
                "DELETE /page HTTP/1.1~Host: localhost~~ | 405 | GET or HEAD",
                "OPTIONS * HTTP/1.1~Host: localhost~~ | 405 | GET or HEAD",
                "GET /page HTTP/1.1~Host: localhost~Content-Length: 3~~abc | 413 | body: not taken",
                "GET /page HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~3~abc~0~~ | 413 |"
                        + " body",
                "GET http://localhost/page HTTP/1.1~Host: localhost~~ | 400 | target: no path",
                "GET /page HTTP/1.1~~ | 400 | Host: 0 of them (expected: one)",
                "GET /page HTTP/1.1~Host: localhost~Host: localhost~~ | 400 | Host: 2 of them",
                "GET /page HTTP/1.1~Host: evil.example~~ | 421 | localhost or an address",
                "GET /page HTTP/1.1~Host: localhost.evil.example:7172~~ | 421 | localhost or an",
                "GET /page HTTP/1.1~Host: 127.0.0.1.evil.example~~ | 421 | localhost or an",
                "GET /page HTTP/1.1~Host: [evil]:7172~~ | 421 | localhost or an address",
                "GET /page HTTP/1.1~Host:~~ | 421 | localhost or an address",
                "GET /page HTTP/1.1~Host localhost~~ | 400 | request: malformed",
                "nonsense~~ | 400 | request: malformed",
            })
    void wrongRequest_isToldWhy_andTheConnectionClosed(String text, int status, String why)
            throws IOException {
        open();

        Reply reply = ask(text.replace("~", "\r\n"));

        assertThat(reply.status()).startsWith("HTTP/1.1 " + status + " ");
        assertThat(reply.body()).contains(why).endsWith(")\n");
        assertThat(reply.headers()).containsEntry("connection", "close");
        socket.shutdownOutput();
        assertThat(input.read()).isEqualTo(-1);
        assertThat(made).hasValue(0);
        assertThat(errors.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:7172", "[::1]"})
    void host_thatIsLocal_isTaken(String host) throws IOException {
        open();

        assertThat(ask("GET /page HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
                .isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void http10_needsNoHost_andIsClosedAfterwards() throws IOException {
        open();

        assertThat(ask("GET /page HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").body())
                .isEqualTo("made 1\n");
        socket.shutdownOutput();
        assertThat(input.read()).isEqualTo(-1);
    }

    @Test
    void requestLineAndHeaders_thatAreTooLong_areToldTheLimit() throws IOException {
        open();
        assertThat(ask("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n").status())
                .startsWith("HTTP/1.1 414 ");
        socket.close();
        connect();

        Reply reply = ask("GET /page HTTP/1.1\r\nA: " + "x".repeat(9000) + "\r\n\r\n");

        assertThat(reply.status()).startsWith("HTTP/1.1 431 ");
        assertThat(reply.body()).contains("at most 8192 bytes");
    }

    @Test
    void manyRequestsAtOnce_areAnsweredOneByOne_whileThePeerTakesThem() throws IOException {
        open();
        String request = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
        send(request.repeat(100));

        for (int i = 1; i <= 100; i++) {
            Reply reply = reply();
            assertThat(reply.body()).hasSizeGreaterThan(1 << 20).endsWith("x" + i + "\n");
            assertThat(made.get()).isLessThanOrEqualTo(i + 20); // what sockets hold, not all 100
        }
    }

    @Test
    void request_thatComesByteByByte_isAnswered() throws IOException {
        open();
        socket.setTcpNoDelay(true);
        for (byte b : GET.getBytes(UTF_8)) {
            socket.getOutputStream().write(b);
        }

        assertThat(reply().body()).isEqualTo("made 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /page HTTP/1.1\r\n", GET})
    void peer_thatIsLateWithARequest_isClosed(String sent) throws IOException {
        open(50);
        send(sent);

        String all = new String(input.readAllBytes(), UTF_8);

        assertThat(all.contains("made 1")).isEqualTo(sent.equals(GET));
    }

    @Test
    void garbage_isClosed() throws IOException {
        open();
        socket.getOutputStream().write(new byte[20_000]);

        assertThat(new String(input.readAllBytes(), ISO_8859_1)).startsWith("HTTP/1.1 4");
        assertThat(errors.count()).isZero();
    }

    @Test
    void connectionsBeyondTheLimit_areClosed() throws IOException {
        open();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 1; i < HttpFrontend.CONNECTIONS_MAX; i++) {
                sockets.add(new Socket("127.0.0.1", listener.address().getPort()));
            }
            await().until(() -> frontend.gate().open() == HttpFrontend.CONNECTIONS_MAX);
            Socket extra = new Socket("127.0.0.1", listener.address().getPort());
            sockets.add(extra);

            assertThat(extra.getInputStream().read()).isEqualTo(-1);
            assertThat(ask(GET).body()).isEqualTo("made 1\n");
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @Test
    void drain_closesConnectionsThatAskNothing() throws IOException {
        open();
        assertThat(ask(GET).body()).isEqualTo("made 1\n");

        assertThat(frontend.gate().drain(10_000)).isTrue();

        assertThat(input.read()).isEqualTo(-1);
    }

    private Reply ask(String request) throws IOException {
        send(request);
        return reply();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private Reply reply() throws IOException {
        Reply head = replyWithoutBody();
        int length = Integer.parseInt(head.headers().get("content-length"));
        return new Reply(
                head.status(), head.headers(), new String(input.readNBytes(length), UTF_8));
    }

    private Reply replyWithoutBody() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 1).strip());
        }
        return new Reply(status, headers, "");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            assertThat(c).as("the connection's end after " + line).isNotEqualTo(-1);
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
