package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client sends, over sockets of a whole server: it holds no more than a little of it, and
 * answers others meanwhile.
 */
@Tag("slow")
@Timeout(60)
class CompatBadSocketTest {
    /** Replies up to the watermark and one buffer beyond, and room for two reads. */
    private static final long HELD_BYTES_MAX = (64 << 10) + Conversation.REPLY_BYTES + (128 << 10);

    private static final int PIECE_BYTES = 32 << 10;
    private static final int SENT_BYTES_MAX = 1 << 20;

    private static CompatServer server;

    @BeforeAll
    static void start() throws Exception {
        server =
                new CompatServer(
                        "listeners.memcached.port=0",
                        "listeners.resp.port=0",
                        "limits.write-high-watermark=64k",
                        "limits.write-low-watermark=32k");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("io.larder.server.compat.CompatBadInputTest#claims")
    void whatNeverEnds_isNotKept_andOthersAreServed(String protocol, String first, String then)
            throws IOException {
        byte[] piece = then.repeat(PIECE_BYTES / then.length()).getBytes(ISO_8859_1);
        try (Socket socket = new Socket("127.0.0.1", server.port(protocol))) {
            socket.getOutputStream().write(first.getBytes(ISO_8859_1));
            boolean isOpen = true;
            for (int sent = 0; sent < SENT_BYTES_MAX && isOpen; sent += piece.length) {
                isOpen = send(socket, piece);
                if (sent % (8 * PIECE_BYTES) == 0) {
                    assertThat(server.figure("larder_in_flight_bytes"))
                            .as("after %d bytes", sent)
                            .isLessThan(HELD_BYTES_MAX);
                }
            }
            assertThat(server.talk("memcached", "mn\r\n")).isEqualTo("MN\r\n");
            assertThat(server.talk("resp", "PING\r\n")).isEqualTo("+PONG\r\n");
            assertThat(server.figure("larder_in_flight_bytes")).isLessThan(HELD_BYTES_MAX);
        }
    }

    /** Sends, and throws away what was answered so far; false if the server has closed. */
    private static boolean send(Socket socket, byte[] piece) {
        try {
            socket.getOutputStream().write(piece);
            InputStream input = socket.getInputStream();
            while (input.available() > 0) {
                input.skipNBytes(input.available());
            }
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
