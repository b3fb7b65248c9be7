package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.RecordedSession;
import io.larder.protocol.RecordedSession.Turn;
import io.larder.protocol.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This server answers what clients of earlier versions say as those versions did. */
@Timeout(60)
class RecordedSessionsTest {
    static List<RecordedSession> sessions() {
        return RecordedSession.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void session_isAnsweredAsRecorded(RecordedSession session) throws Exception {
        try (RealServer server = RealServer.start()) {
            SessionReplay.replay(session, server.port());
        }
    }

    @Test
    void sessions_areSmallAndThere() {
        assertThat(sessions()).hasSizeGreaterThanOrEqualTo(SessionScripts.all().size());
        assertThat(sessions().stream().mapToInt(each -> each.format("").length()).sum())
                .isLessThan(200 << 10);
    }

    @Test
    void otherAnswer_isNoticed() throws Exception {
        RecordedSession items = sessions().get(0);
        List<Turn> turns = new ArrayList<>(items.turns());
        byte[] answer = turns.get(turns.size() - 1).frame().clone();
        answer[FrameHeader.STATUS_OFFSET] = (byte) Status.MISS.code();
        turns.set(turns.size() - 1, new Turn(false, answer));
        RecordedSession other = new RecordedSession("other", turns);
        try (RealServer server = RealServer.start()) {
            assertThatThrownBy(() -> SessionReplay.replay(other, server.port()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("status MISS");
        }
    }

    /** Records anew what {@link SessionScripts} say, into a directory. */
    @Test
    @EnabledIfSystemProperty(named = "larder.sessions.record", matches = ".+")
    void record() throws Exception {
        Path directory = Path.of(System.getProperty("larder.sessions.record"));
        for (Map.Entry<String, SessionScripts.Script> each : SessionScripts.all().entrySet()) {
            try (RealServer server = RealServer.start();
                    RecordingProxy proxy = new RecordingProxy(server.port())) {
                each.getValue().run(proxy.port());
                RecordedSession session = new RecordedSession(each.getKey(), proxy.turns());
                Files.writeString(
                        directory.resolve(each.getKey() + ".txt"),
                        session.format("Protocol version 1."));
            }
        }
    }
}
