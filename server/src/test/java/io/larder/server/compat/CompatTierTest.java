package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipelined requests of which many wait for the disk are answered in their order all the same. */
@Tag("slow")
@Timeout(120)
class CompatTierTest {
    private static final int KEYS = 4_000;
    private static final int VALUE_BYTES = 2_000;
    private static final int BATCH = 50; // a batch and its replies fit into the sockets' buffers

    private static CompatServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server =
                new CompatServer(
                        "store.memory=4m",
                        "tier.rocksdb.path=" + directory.resolve("tier"),
                        "tier.rocksdb.max-bytes=64m",
                        "listeners.memcached.port=0",
                        "listeners.resp.port=0");
    }

    /** Anew for each, since what is read from disk and not again is not kept a second time. */
    @BeforeEach
    void fill() throws Exception {
        for (int first = 0; first < KEYS; first += BATCH) {
            StringBuilder requests = new StringBuilder();
            for (int key = first; key < first + BATCH; key++) {
                requests.append(
                        "set k%1$d 0 0 %2$d\r\n%3$s\r\nget k%1$d\r\n"
                                .formatted(key, VALUE_BYTES, value(key))); // unread it is not kept
            }
            assertThat(server.talk("memcached", requests.toString())).endsWith("END\r\n");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String value(int key) {
        return "%08d".formatted(key).repeat(VALUE_BYTES / 8);
    }

    /** How a key is asked for, with a request behind it that says which one it was. */
    enum Asked {
        TEXT("memcached", "get k%d\r\n", "mn\r\n"),
        META("memcached", "mg k%d v\r\n", "mn\r\n"),
        BINARY("memcached", "", ""),
        RESP("resp", "GET k%d\r\n", "ECHO %d\r\n");

        final String listener;
        final String get;
        final String mark;

        Asked(String listener, String get, String mark) {
            this.listener = listener;
            this.get = get;
            this.mark = mark;
        }

        byte[] request(int key) {
            return this == BINARY
                    ? binary(key)
                    : (get + mark).formatted(key, key).getBytes(ISO_8859_1);
        }

        /** GETKQ, which says nothing of a miss, and NOOP. */
        private static byte[] binary(int key) {
            byte[] name = ("k" + key).getBytes(ISO_8859_1);
            ByteBuffer bytes = ByteBuffer.allocate(48 + name.length);
            bytes.put((byte) 0x80).put((byte) 0x0d).putShort((short) name.length).putInt(0);
            bytes.putInt(name.length).putInt(key).putLong(0).put(name);
            bytes.put((byte) 0x80).put((byte) 0x0a).putShort((short) 0).putInt(0);
            bytes.putInt(0).putInt(key).putLong(0);
            return bytes.array();
        }

        /** What answers a request, a hit or a miss. */
        String answer(int key, boolean isHit) {
            String value = value(key);
            return switch (this) {
                case TEXT ->
                        (isHit ? "VALUE k" + key + " 0 2000\r\n" + value + "\r\n" : "")
                                + "END\r\nMN\r\n";
                case META -> (isHit ? "VA 2000\r\n" + value + "\r\n" : "EN\r\n") + "MN\r\n";
                case RESP -> {
                    String mark = "$" + Integer.toString(key).length() + "\r\n" + key + "\r\n";
                    yield (isHit ? "$2000\r\n" + value + "\r\n" : "$-1\r\n") + mark;
                }
                case BINARY -> {
                    String hit = reply(0x0d, key, "\0\0\0\0", "k" + key, value);
                    yield (isHit ? hit : "") + reply(0x0a, key, "", "", "");
                }
            };
        }

        private static String reply(
                int opcode, int opaque, String extras, String key, String value) {
            ByteBuffer header = ByteBuffer.allocate(16);
            header.put((byte) 0x81).put((byte) opcode).putShort((short) key.length());
            header.put((byte) extras.length()).put((byte) 0).putShort((short) 0);
            header.putInt(extras.length() + key.length() + value.length()).putInt(opaque);
            String begin = new String(header.array(), ISO_8859_1);
            return begin + "c".repeat(8) + extras + key + value;
        }
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void repliesStayInOrder_pastAMissThatGoesToDisk(Asked asked) throws Exception {
        long before = server.figure("larder_tier_hits_total");
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int key = 0; key < KEYS; key++) {
            requests.writeBytes(asked.request(key));
        }
        byte[] replies = server.talk(asked.listener, requests.toByteArray());
        if (asked == Asked.BINARY) {
            hideVersions(replies);
        }
        String all = new String(replies, ISO_8859_1);

        int at = 0;
        for (int key = 0; key < KEYS; key++) {
            String hit = asked.answer(key, true);
            String said = all.startsWith(hit, at) ? hit : asked.answer(key, false);
            String there = all.substring(at, Math.min(at + said.length(), all.length()));
            assertThat(there).as("key %d at byte %d", key, at).isEqualTo(said);
            at += said.length();
        }
        assertThat(at).isEqualTo(all.length());
        assertThat(server.figure("larder_tier_hits_total"))
                .as("reads from disk")
                .isGreaterThan(before + KEYS / 20);
    }

    /** Puts the same in place of every version, which no test knows. */
    private static void hideVersions(byte[] replies) {
        ByteBuffer bytes = ByteBuffer.wrap(replies);
        for (int at = 0; at < replies.length; at += 24 + bytes.getInt(at + 8)) {
            for (int i = 16; i < 24; i++) {
                replies[at + i] = 'c';
            }
        }
    }
}
