package io.larder.client.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.Larder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers in this JVM, which has the options, and in JVMs of their own. */
@Timeout(60)
@Tag("slow")
class LarderServerTest {
    /** A JVM of a test that starts a server and waits to be killed. */
    private static Process embedding(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", EmbeddingProgram.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    /** Where its server runs, and the URI; past what it logs. */
    private static String[] answer(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (!line.startsWith(EmbeddingProgram.ANSWER)) {
            line = output.readLine();
        }
        return line.substring(EmbeddingProgram.ANSWER.length()).split(" ");
    }

    @Test
    void inAJvmWithTheOptions_itRunsThere() {
        try (LarderServer server = LarderServer.startEmbedded();
                Larder larder = server.connect()) {
            larder.cache().putText("k", "v");

            assertThat(server.isInThisJvm()).isTrue();
            assertThat(larder.cache().getText("k")).hasValue("v");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inEitherPlace_itServesWithItsSettingsAndIsCleared(boolean inThisJvm) {
        try (LarderServer server = LarderServer.start(inThisJvm, "store.memory=32m");
                Larder larder = Larder.connect(server.uri())) {
            larder.cache().putText("k", "v");
            larder.cache("users").putText("k", "v");

            server.clear();

            assertThat(server.isInThisJvm()).isEqualTo(inThisJvm);
            assertThat(larder.stats()).containsEntry("memory_limit_bytes", "" + (32 << 20));
            assertThat(larder.cache().getText("k")).isEmpty();
            assertThat(larder.cache("users").getText("k")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unknownSetting_isNamed(boolean inThisJvm) {
        assertThatThrownBy(() -> LarderServer.start(inThisJvm, "store.memroy=32m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("store.memroy");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCannotStart_saysWhy(boolean inThisJvm) {
        try (LarderServer server = LarderServer.start(true)) {
            assertThatThrownBy(
                            () ->
                                    LarderServer.start(
                                            inThisJvm, "listeners.data.port=" + server.port()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
        }
    }

    @Test
    void closed_itsJvmHasEnded() {
        List<ProcessHandle> others = ProcessHandle.current().children().toList();
        LarderServer server = LarderServer.start(false);
        List<ProcessHandle> own =
                ProcessHandle.current().children().filter(it -> !others.contains(it)).toList();
        server.close();
        server.close();

        assertThat(own).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void inAJvmWithoutTheOptions_itTakesOneOfItsOwnWhichEndsWhenThatIsKilled() throws Exception {
        Process test = embedding(List.of());
        String[] said = answer(test);
        ProcessHandle server = test.children().findFirst().orElseThrow();
        assertThat(said).startsWith("own");
        try (Larder larder = Larder.connect(said[1])) {
            larder.cache().putText("k", "v");
            assertThat(larder.cache().getText("k")).hasValue("v");
        }

        test.destroyForcibly();

        server.onExit().get(30, TimeUnit.SECONDS);
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void inAnotherJvmWithTheOptions_itRunsThereToo() throws Exception {
        Process test = embedding(JvmOptions.ofThisJava());
        String[] said = answer(test);

        assertThat(said).startsWith("this");
        assertThat(test.children()).isEmpty();
        test.destroyForcibly().waitFor();
    }
}
