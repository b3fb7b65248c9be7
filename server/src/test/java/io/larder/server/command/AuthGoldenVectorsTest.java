package io.larder.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.GoldenVector;
import io.larder.protocol.GoldenVectors;
import io.larder.server.auth.UsersText;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol's examples of AUTH, byte by byte. */
class AuthGoldenVectorsTest {
    @TempDir private Path directory;

    private CommandFixture fixture() throws Exception {
        return new CommandFixture(
                        new UsersText()
                                .user("larder-demo", "read", "*")
                                .control(directory.resolve("users")))
                .greet();
    }

    private static void exchange(CommandFixture fixture, String name) {
        GoldenVector vector = GoldenVectors.load(name);
        assertThat(fixture.exchange(vector.request())).isEqualTo(vector.reply());
    }

    @Test
    void examples_areAnsweredAsWritten() throws Exception {
        CommandFixture fixture = fixture();
        exchange(fixture, "auth_required");
        exchange(fixture, "auth_failed");
        assertThat(fixture.session.isAdmitted()).isFalse();

        exchange(fixture, "auth_token");

        assertThat(fixture.session.user()).isEqualTo("larder-demo");
        exchange(fixture, "auth_forbidden");
    }
}
