package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The binary protocol beside what memccapable checks. The expected answers are those of memcached
 * 1.6.18 to the same bytes, unless they speak of Larder.
 */
@Timeout(60)
class MemcachedBinaryTest {
    private static final int HEADER_BYTES = 24;
    private static final int GET = 0x00;
    private static final int SET = 0x01;
    private static final int ADD = 0x02;
    private static final int REPLACE = 0x03;
    private static final int INCREMENT = 0x05;
    private static final int DECREMENT = 0x06;
    private static final int FLUSH = 0x08;
    private static final int GETQ = 0x09;
    private static final int NOOP = 0x0a;
    private static final int GETK = 0x0c;
    private static final int APPEND = 0x0e;
    private static final int STAT = 0x10;
    private static final int SETQ = 0x11;
    private static final int INCREMENTQ = 0x15;
    private static final int TOUCH = 0x1c;

    private static CompatServer server;

    private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.memcached.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws IOException {
        assertThat(server.talk("memcached", "flush_all\r\n")).isEqualTo("OK\r\n");
    }

    private MemcachedBinaryTest ask(int opcode, String key, byte[] extras, String value, long cas) {
        int body = extras.length + key.length() + value.length();
        asked.writeBytes(
                ByteBuffer.allocate(HEADER_BYTES)
                        .put((byte) 0x80)
                        .put((byte) opcode)
                        .putShort((short) key.length())
                        .put((byte) extras.length)
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(body)
                        .putInt(7)
                        .putLong(cas)
                        .array());
        asked.writeBytes(extras);
        asked.writeBytes((key + value).getBytes(ISO_8859_1));
        return this;
    }

    private MemcachedBinaryTest ask(int opcode, String key) {
        return ask(opcode, key, new byte[0], "", 0);
    }

    private MemcachedBinaryTest set(String key, String value, int expirySeconds) {
        return ask(SET, key, ints(5, expirySeconds), value, 0);
    }

    private MemcachedBinaryTest count(
            int opcode, String key, long delta, long initial, int expiry) {
        byte[] extras =
                ByteBuffer.allocate(20).putLong(delta).putLong(initial).putInt(expiry).array();
        return ask(opcode, key, extras, "", 0);
    }

    private static byte[] ints(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    /** Of each answer its opcode and status, and what its body holds behind the extras. */
    private String answers() throws IOException {
        ByteBuffer told = ByteBuffer.wrap(server.talk("memcached", asked.toByteArray()));
        StringBuilder text = new StringBuilder();
        while (told.hasRemaining()) {
            assertThat(told.get()).isEqualTo((byte) 0x81);
            int opcode = told.get() & 0xff;
            told.getShort();
            int extras = told.get();
            told.get();
            int status = told.getShort();
            byte[] body = new byte[told.getInt()];
            assertThat(told.getInt()).isEqualTo(7);
            told.getLong();
            told.get(body);
            text.append("%02x:%x".formatted(opcode, status));
            if (status == 0 && body.length > 0) {
                text.append('=').append(shown(opcode, body, extras));
            }
            text.append(' ');
        }
        return text.toString().trim();
    }

    private static String shown(int opcode, byte[] body, int extras) {
        return opcode == INCREMENT || opcode == DECREMENT
                ? Long.toUnsignedString(ByteBuffer.wrap(body).getLong())
                : new String(body, extras, body.length - extras, ISO_8859_1);
    }

    @Test
    void expiry_isUnsigned_andFarAwayAbove31Bits() throws IOException {
        assertThat(set("a", "x", -1).ask(GET, "a").answers()).isEqualTo("01:0 00:0=x");
        assertThat(ask(TOUCH, "a", ints(-1), "", 0).ask(GETK, "a").answers())
                .endsWith("1c:0= 0c:0=ax");
    }

    @Test
    void counter_isBegunUnlessItsExpirySaysNot() throws IOException {
        assertThat(
                        count(INCREMENT, "n", 1, 5, -1)
                                .count(INCREMENT, "n", 1, 5, -2)
                                .count(INCREMENTQ, "n", 1, 5, 0)
                                .count(DECREMENT, "n", 100, 5, 0)
                                .ask(GET, "n")
                                .answers())
                .isEqualTo("05:1 05:0=5 06:0=0 00:0=0");
    }

    @Test
    void counter_wraps_andTextIsNone() throws IOException {
        assertThat(
                        set("n", "18446744073709551615", 0)
                                .count(INCREMENT, "n", 2, 0, 0)
                                .set("t", "x", 0)
                                .count(INCREMENT, "t", 1, 0, 0)
                                .count(INCREMENTQ, "t", 1, 0, 0)
                                .answers())
                .isEqualTo("01:0 05:0=1 01:0 05:6 15:6");
    }

    @Test
    void quietOnes_areSilentWhereAllIsWell() throws IOException {
        assertThat(
                        ask(SETQ, "a", ints(0, 0), "x", 0)
                                .ask(SETQ, "a", ints(0, 0), "y", 99)
                                .ask(GETQ, "none")
                                .ask(GETQ, "a")
                                .ask(NOOP, "")
                                .answers())
                .isEqualTo("11:2 09:0=x 0a:0");
    }

    @Test
    void appendOverAMebibyte_isNotStored() throws IOException {
        String half = "x".repeat(700_000);

        assertThat(set("a", half, 0).ask(APPEND, "a", new byte[0], half, 0).answers())
                .isEqualTo("01:0 0e:5");
    }

    @Test
    void addWithTooLongAValue_leavesWhatIsThere_setDoesNot() throws IOException {
        String tooLong = "x".repeat((1 << 20) + 1);

        assertThat(
                        set("a", "x", 0)
                                .ask(ADD, "a", ints(0, 0), tooLong, 0)
                                .ask(GET, "a")
                                .set("a", tooLong, 0)
                                .ask(GET, "a")
                                .answers())
                .isEqualTo("01:0 02:3 00:0=x 01:3 00:1");
    }

    /** As memcached 1.6.18 does: a version makes a compare-and-set of either. */
    @ParameterizedTest
    @ValueSource(ints = {ADD, REPLACE})
    void addAndReplaceWithAVersion_storeWhereItIsTheItems(int opcode) throws IOException {
        byte[] extras = ints(6, 0);

        assertThat(ask(opcode, "a", extras, "new", 77).ask(GET, "a").answers())
                .isEqualTo("%02x:1 00:1".formatted(opcode));
        asked.reset();
        long version = storedVersion("a");
        assertThat(ask(opcode, "a", extras, "new", version + 1).ask(GET, "a").answers())
                .isEqualTo("%02x:2 00:0=old".formatted(opcode));
        asked.reset();
        assertThat(ask(opcode, "a", extras, "new", version).ask(GET, "a").answers())
                .isEqualTo("%02x:0 00:0=new".formatted(opcode));
    }

    private static long storedVersion(String key) throws IOException {
        String told = server.talk("memcached", "ms " + key + " 3 c\r\nold\r\n");
        return Long.parseLong(told.replaceAll("HD c(\\d+)\r\n", "$1"));
    }

    @Test
    void unknownOpcode_isSkippedWithItsBody() throws IOException {
        assertThat(set("a", "x", 0).ask(0x1f, "k", ints(1), "value", 0).ask(GET, "a").answers())
                .isEqualTo("01:0 1f:81 00:0=x");
    }

    @Test
    void whatDoesNotSuitTheOpcode_endsTheConnection() throws IOException {
        assertThat(ask(GET, "a", ints(1), "", 0).ask(NOOP, "").answers()).isEqualTo("00:4");
        asked.reset();
        assertThat(ask(GET, "k".repeat(251)).ask(NOOP, "").answers()).isEqualTo("00:4");
    }

    @Test
    void statOfDetail_isKnown_ofNonsenseNot() throws IOException {
        assertThat(ask(STAT, "detail on").ask(STAT, "nonsense").answers()).isEqualTo("10:0 10:1");
    }

    @Test
    void statOfDetailDump_hasALineForAPrefix_ifOneCanShowIt() throws IOException {
        ask(STAT, "reset").ask(STAT, "detail on");
        set("p:a", "x", 0).set("\r\nEND:a", "x", 0).ask(GET, "p:a").ask(0x04, "p:b");
        ask(STAT, "detail off").ask(STAT, "detail dump");

        assertThat(answers()).endsWith("10:0=detailedPREFIX p get 1 hit 1 set 1 del 1\r\n 10:0");
    }

    @Test
    void flushWithDelay_isStillToCome() throws IOException {
        assertThat(
                        set("a", "x", 0)
                                .ask(FLUSH, "", ints(100), "", 0)
                                .ask(GET, "a")
                                .ask(FLUSH, "")
                                .ask(GET, "a")
                                .answers())
                .isEqualTo("01:0 08:0 00:0=x 08:0 00:1");
    }
}
