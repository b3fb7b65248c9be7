package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JVM has of the client's calls. */
@Timeout(60)
class FlightRecordingTest {
    @Test
    void recording_hasTheCallsOfItsTime(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("calls.jfr");
        try (RealServer server = RealServer.start();
                Larder larder = Larder.connect(server.uri());
                Recording recording = new Recording()) {
            larder.cache("users").getText("before");
            recording.enable("larder.Call").withoutThreshold();
            recording.start();
            larder.cache("users").getText("absent");
            larder.cache("users").putText("k", "value");
            larder.ping(); // answered after both, on the same event loop
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> calls = RecordingFile.readAllEvents(file);

        assertThat(calls)
                .extracting(call -> call.getString("operation") + ' ' + call.getString("outcome"))
                .contains("GET MISS", "SET OK")
                .doesNotHaveDuplicates();
        assertThat(calls)
                .filteredOn(call -> call.getString("operation").equals("SET"))
                .singleElement()
                .satisfies(
                        call -> {
                            assertThat(call.getString("region")).isEqualTo("users");
                            assertThat(call.getInt("itemsDone")).isOne();
                            assertThat(call.getLong("requestBytes")).isGreaterThan(24);
                            assertThat(call.getDuration()).isPositive();
                            assertThat(call.getThread("caller").getJavaName())
                                    .isEqualTo(Thread.currentThread().getName());
                        });
    }
}
