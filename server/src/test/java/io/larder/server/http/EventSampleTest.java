package io.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.larder.server.accesslog.EventLog;
import io.larder.server.accesslog.EventType;
import io.larder.server.memory.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventSampleTest {
    private static final int BUDGET = 100_000;

    private final List<Throwable> errors = new ArrayList<>();
    private final EventLog log = new EventLog(() -> 77, errors::add);
    private final EventSample sample = new EventSample(space -> "region-" + space);

    @BeforeEach
    void watch() {
        log.add(sample);
    }

    private void happens(EventType type, byte[] key) {
        log.offer(type, 3, 5, 0xABCDL, Slice.of(key), 9);
        log.drain(BUDGET);
    }

    private String taken() {
        byte[] json = sample.take();
        assertThat(json).isNotNull();
        return new String(json, UTF_8);
    }

    @Test
    void event_isShownOnce_withWhatIsKnownOfIt() {
        happens(EventType.EVICTED, "key".getBytes(UTF_8));

        assertThat(taken())
                .isEqualTo(
                        "{\"events\":[{\"event\":\"EVICTED\",\"time\":\"2026-01-01T00:00:00.077Z\","
                                + "\"region\":\"region-5\",\"key\":\"key\",\"key_bytes\":3,"
                                + "\"version\":9}],\"counts\":{\"EVICTED\":1},\"lost\":0}\n");
        assertThat(sample.take()).isNull();
        assertThat(errors).isEmpty();
    }

    @Test
    void typeThatComesOften_isCounted_andPushesNoOtherOut() {
        for (int i = 0; i < 1_000; i++) {
            happens(EventType.STORED, ("key:" + i).getBytes(UTF_8));
        }
        happens(EventType.DELETED, "rare".getBytes(UTF_8));

        String json = taken();
        assertThat(json)
                .contains("\"counts\":{\"STORED\":1000,\"DELETED\":1}", "\"key\":\"rare\"")
                .contains("\"key\":\"key:" + (EventSample.OF_A_TYPE_MAX - 1) + '"')
                .doesNotContain("\"key\":\"key:" + EventSample.OF_A_TYPE_MAX + '"');
    }

    @Test
    void reads_areLeftOut() {
        happens(EventType.HIT, "key".getBytes(UTF_8));
        happens(EventType.MISS, "key".getBytes(UTF_8));

        assertThat(sample.take()).isNull();
    }

    @Test
    void lossOfTheLog_isTold_andThenForgotten() {
        byte[] key = new byte[256];
        while (log.dropped() == 0) {
            log.offer(EventType.STORED, 0, 0, 0, Slice.of(key), 1);
        }
        log.drain(BUDGET);

        assertThat(taken()).endsWith(",\"lost\":1}\n");
        happens(EventType.STORED, key);
        assertThat(taken()).endsWith(",\"lost\":0}\n");
    }

    @Test
    void hostileKey_isOneLineOfJson_andComesBackAsItIs() throws IOException {
        String key = "data: </script>\n\r\u0000\u2028\u202E\"\\" + "<b>".repeat(60);
        happens(EventType.STORED, key.getBytes(UTF_8));

        String json = taken();
        assertThat(json.indexOf('\n')).isEqualTo(json.length() - 1);
        assertThat(json.indexOf('\r')).isNegative();
        assertThat(keyIn(json)).isEqualTo(key);
    }

    @Test
    void keyThatIsNoText_isAQuotedWord_andALongOneItsBeginning() throws IOException {
        byte[] key = new byte[4095];
        Arrays.fill(key, (byte) 0xFF);
        happens(EventType.STORED, key);

        String json = taken();
        assertThat(json).contains("\"key_bytes\":4095");
        assertThat(keyIn(json)).isEqualTo('"' + "\\xFF".repeat(256) + '"');
    }

    private static String keyIn(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING
                        && "key".equals(parser.currentName())) {
                    return parser.getText();
                }
            }
        }
        throw new AssertionError("no key in " + json);
    }
}
