package io.larder.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.accesslog.EventListener;
import io.larder.server.accesslog.EventLog;
import io.larder.server.accesslog.EventType;
import io.larder.server.auth.AccessControl;
import io.larder.server.limit.ServerLimits;
import io.larder.server.memory.Slice;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.BoundListener;
import io.larder.server.net.NettyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest {
    private static final String GET = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final EventStream.Pace PACE = new EventStream.Pace(2, 5, 20);
    private static final byte[] KEY = "a key".getBytes(UTF_8);

    private final UncaughtErrors errors = new UncaughtErrors();
    private final EventLog log = new EventLog(() -> 77, errors::record);
    private final AtomicInteger watching = new AtomicInteger();
    private final NettyTransport transport = new NettyTransport(1, "test-events");
    private final List<Socket> sockets = new ArrayList<>();
    private HttpFrontend frontend;
    private BoundListener listener;

    private final EventSource source =
            new EventSource() {
                @Override
                public void watch(EventListener watcher) {
                    log.add(watcher);
                    watching.incrementAndGet();
                }

                @Override
                public void unwatch(EventListener watcher) {
                    log.remove(watcher);
                    watching.decrementAndGet();
                }
            };

    @BeforeEach
    void open() throws IOException {
        EventStream stream = new EventStream(source, space -> "default", errors, PACE);
        Site site = new Site(Map.of(), Map.of("/events", stream), ServerLimits.none().disabled());
        frontend =
                new HttpFrontend(site, errors, AccessControl.open(), HttpFrontend.DEADLINE_MILLIS);
        listener = transport.bind(frontend, "127.0.0.1", 0);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        awaitWatching(0);
        listener.close();
        frontend.gate().closeAll();
        transport.close();
        assertThat(errors.count()).isZero();
    }

    private Socket ask(String request) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096); // before the connection, to hold
        socket.connect(new InetSocketAddress("127.0.0.1", listener.address().getPort()));
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private void awaitWatching(int watchers) {
        await().until(() -> watching.get() == watchers);
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /** The next line that begins so. */
    private static String next(BufferedReader lines, String begin) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(begin)) {
            line = lines.readLine();
        }
        assertThat(line).as("a line that begins with " + begin).isNotNull();
        return line;
    }

    private void happens() {
        log.offer(EventType.EVICTED, 0, 0, 0, Slice.of(KEY), 1);
        log.drain(1_000);
    }

    @Test
    void watcher_isSentWhatHappens_asServerSentEvents() throws IOException {
        BufferedReader lines = lines(ask(GET));
        assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(next(lines, "content-type")).isEqualTo("content-type: text/event-stream");
        awaitWatching(1);

        happens();

        assertThat(next(lines, "data: ")).contains("\"EVICTED\"", "\"key\":\"a key\"");
        assertThat(lines.readLine()).isEmpty();
        assertThat(next(lines, ":")).isEqualTo(":"); // nothing happens, and the stream goes on
    }

    @Test
    void watcherThatLeaves_isForgotten() throws IOException {
        Socket socket = ask(GET);
        awaitWatching(1);

        socket.close();

        awaitWatching(0);
        assertThat(log.isWatched()).isFalse();
    }

    @Test
    void watcherThatStalls_isCut() throws IOException {
        ask(GET);
        awaitWatching(1);

        await().until(
                        () -> {
                            happensMuch();
                            return watching.get() == 0;
                        });

        await().until(() -> frontend.gate().open() == 0);
    }

    private void happensMuch() {
        Slice key = Slice.of(new byte[256]);
        for (EventType type : EventType.values()) {
            for (int i = 0; i < EventSample.OF_A_TYPE_MAX; i++) {
                log.offer(type, 0, 0, 0, key, 1);
            }
        }
        log.drain(1_000);
    }

    @Test
    void watchersBeyondTheLimit_areRefused_untilOneLeaves() throws IOException {
        for (int i = 0; i < EventStream.STREAMS_MAX; i++) {
            ask(GET);
        }
        awaitWatching(EventStream.STREAMS_MAX);

        BufferedReader refused = lines(ask(GET));
        assertThat(refused.readLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
        assertThat(next(refused, "events: ")).contains("(expected: fewer than 8)");

        sockets.get(0).close();
        awaitWatching(EventStream.STREAMS_MAX - 1);
        assertThat(lines(ask(GET)).readLine()).isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void watcherThatAsksMore_isClosed() throws IOException {
        Socket socket = ask(GET);
        awaitWatching(1);

        socket.getOutputStream().write(GET.getBytes(ISO_8859_1));

        awaitWatching(0);
    }

    @Test
    void head_isTheHeadAlone_andHttp10IsRefused() throws IOException {
        BufferedReader head = lines(ask(GET.replace("GET", "HEAD")));
        assertThat(head.readLine()).isEqualTo("HTTP/1.1 200 OK");

        assertThat(lines(ask("GET /events HTTP/1.0\r\n\r\n")).readLine())
                .isEqualTo("HTTP/1.1 400 Bad Request");
        assertThat(watching).hasValue(0);
    }

    @Test
    void drain_endsStreams() throws IOException {
        ask(GET);
        awaitWatching(1);

        assertThat(frontend.gate().drain(10_000)).isTrue();

        awaitWatching(0);
    }
}
