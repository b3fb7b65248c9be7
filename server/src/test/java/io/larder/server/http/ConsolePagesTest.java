package io.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.command.SlowRequest;
import io.larder.server.memory.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsolePagesTest {
    @Test
    void slowLog_hasWhatIsKnownOfEachRequest_itsKeyAsText() {
        SlowRequest request =
                new SlowRequest(
                        1_767_225_600_000L,
                        "GET",
                        "default",
                        0,
                        Slice.of("<b>\n\"".getBytes(UTF_8)),
                        4_000,
                        new SlowRequest.Client("shop", "127.0.0.1:50432"),
                        1_234,
                        7);

        String json = new String(ConsolePages.slowLog(List.of(request)).body(), UTF_8);

        assertThat(json)
                .isEqualTo(
                        "{\"slow\":[{\"time\":\"2026-01-01T00:00:00Z\",\"command\":\"GET\","
                                + "\"micros\":1234,\"region\":\"default\","
                                + "\"key\":\"<b>\\n\\\"\",\"key_bytes\":4000,\"client\":\"shop\","
                                + "\"address\":\"127.0.0.1:50432\",\"requests\":7}]}\n");
    }
}
