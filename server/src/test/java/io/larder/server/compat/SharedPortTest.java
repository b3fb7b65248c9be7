package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Status;
import io.larder.server.command.RequestFrame;
import io.larder.server.net.RawClient;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several protocols on the data listener. */
@Timeout(60)
class SharedPortTest {
    private static final String RESP_GET = "*2\r\n$3\r\nGET\r\n$1\r\na\r\n";
    private static final String BINARY_VERSION = "\u0080\u000b" + "\0".repeat(22);

    @Test
    void firstByte_tellsTheProtocol_andKeysAreShared() throws Exception {
        try (CompatServer server =
                new CompatServer("listeners.data.protocols=larder,memcached,resp")) {
            try (RawClient larder = RawClient.greeted(server.port("data"))) {
                assertThat(larder.ask(RequestFrame.set("a", "one")).status()).isEqualTo(Status.OK);

                assertThat(server.talk("data", "get a\r\n"))
                        .isEqualTo("VALUE a 0 3\r\none\r\nEND\r\n");
                assertThat(server.talk("data", RESP_GET)).isEqualTo("$3\r\none\r\n");
                assertThat(server.talk("data", BINARY_VERSION)).endsWith("1.6.18");

                assertThat(server.talk("data", "set a 0 0 3\r\ntwo\r\n")).isEqualTo("STORED\r\n");
                assertThat(larder.ask(RequestFrame.get("a")).value())
                        .isEqualTo("two".getBytes(ISO_8859_1));
            }
        }
    }

    @Test
    void bytes_thatComeOneByOne_areOneConversation() throws Exception {
        try (CompatServer server = new CompatServer("listeners.data.protocols=larder,resp");
                Socket socket = new Socket("127.0.0.1", server.port("data"))) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            for (byte each : RESP_GET.getBytes(ISO_8859_1)) {
                socket.getOutputStream().write(each);
            }
            assertThat(new String(socket.getInputStream().readNBytes(5), ISO_8859_1))
                    .isEqualTo("$-1\r\n");
        }
    }

    @Test
    void line_isOfResp_whereMemcachedIsNotSpoken() throws Exception {
        try (CompatServer server =
                new CompatServer(
                        "listeners.data.protocols=larder,resp", "listeners.memcached.port=0")) {
            assertThat(server.talk("data", "PING\r\n")).isEqualTo("+PONG\r\n");
            assertThat(server.talk("memcached", "mn\r\n")).isEqualTo("MN\r\n");
        }
    }

    @Test
    void protocol_onTwoListeners_countsOnce() throws Exception {
        try (CompatServer server =
                new CompatServer(
                        "listeners.data.protocols=memcached,larder",
                        "listeners.memcached.port=0")) {
            server.talk("data", "get a\r\n");
            server.talk("memcached", "get a\r\n");

            assertThat(server.talk("data", "stats\r\n"))
                    .contains("STAT get_misses 2\r\n", "STAT total_connections 3\r\n");
        }
    }

    @Test
    void otherProtocol_isRefused_unlessConfigured() throws Exception {
        try (CompatServer server = new CompatServer()) {
            assertThat(server.talk("data", "get a\r\n")).doesNotContain("END");
        }
    }

    @Test
    void silentConnection_doesNotHoldUpTheEnd() throws Exception {
        CompatServer server = new CompatServer("listeners.data.protocols=larder,resp");
        try (Socket silent = new Socket("127.0.0.1", server.port("data"))) {
            silent.setSoTimeout(20_000);
            assertThat(server.talk("data", "PING\r\n")).isEqualTo("+PONG\r\n");

            server.close();

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }
}
