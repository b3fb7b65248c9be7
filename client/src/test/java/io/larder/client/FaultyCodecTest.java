package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.NearOptions;
import io.larder.client.api.ServerHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user's codec that throws: its call fails, and all others of the client go on. */
@Timeout(60)
class FaultyCodecTest {
    private static RealServer server;
    private static Larder larder;

    /** Writes and reads text, but for what names a fault. */
    private static final Codec<String> FAULTY =
            Codec.of(
                    text -> bytes(faultIf(text, "write-")),
                    bytes -> faultIf(new String(bytes, UTF_8), "read-"));

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start();
        larder = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String faultIf(String text, String when) throws Exception {
        switch (text.startsWith(when) ? text.substring(when.length()) : "") {
            case "checked" -> throw new Exception("planted");
            case "unchecked" -> throw new IllegalStateException("planted");
            case "error" -> throw new NoClassDefFoundError("planted");
            case "endless" -> throw new StackOverflowError("planted");
            default -> {
                return text;
            }
        }
    }

    private static Cache<String, String> faulty() {
        return larder.cache("faulty", Codec.utf8(), FAULTY);
    }

    /** What a faulty codec has left: the one connection there was, that answers. */
    @AfterEach
    void clientIsWell() {
        faulty().put("well", "well");
        assertThat(faulty().get("well")).hasValue("well");
        assertThat(larder.health())
                .singleElement()
                .returns(true, ServerHealth::isConnected)
                .returns(0, ServerHealth::connectFailures);
        await().until(() -> larder.health().get(0).callsUnanswered() == 0);
    }

    @Test
    void encoderThatThrows_failsItsCall_andNothingIsSent() {
        for (String fault : List.of("checked", "unchecked")) {
            assertThatThrownBy(() -> faulty().put("k", "write-" + fault))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("planted");
        }
        assertThatThrownBy(() -> faulty().put("k", "write-error"))
                .isInstanceOf(NoClassDefFoundError.class);
        assertThatThrownBy(() -> faulty().put("k", "write-endless"))
                .isInstanceOf(StackOverflowError.class);

        assertThat(faulty().get("k")).isEmpty();
    }

    @Test
    void decoderThatThrows_failsItsCall_besideOthersOnTheConnection() throws Exception {
        for (String fault : List.of("checked", "unchecked")) {
            faulty().put(fault, "read-" + fault);
            var other = larder.cache().async().put(bytes("other"), bytes(fault));

            assertThatThrownBy(() -> faulty().get(fault))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("planted");
            assertThatThrownBy(() -> faulty().getAll(List.of("well", fault)))
                    .isInstanceOf(CodecException.class);
            assertThatThrownBy(() -> faulty().async().get(fault).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CodecException.class);
            assertThat(other.get(20, TimeUnit.SECONDS).isApplied()).isTrue();
            assertThat(larder.cache().get(bytes("other"))).hasValue(bytes(fault));
        }
    }

    /** As of a library that is missing: the caller is told, and no thread of the client ends. */
    @Test
    void decoderThatFailsWithAnError_failsItsCall() {
        for (String fault : List.of("error", "endless")) {
            faulty().put(fault, "read-" + fault);

            assertThatThrownBy(() -> faulty().async().get(fault).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(Error.class);
            assertThatThrownBy(() -> faulty().get(fault)).hasStackTraceContaining("planted");
        }
    }

    @Test
    void loadedValueThatCannotBeWritten_failsItsCallers_andTheNextOneLoads() {
        assertThatThrownBy(
                        () ->
                                faulty().getOrLoad(
                                                "loaded",
                                                LoadOptions.DEFAULT,
                                                key -> Optional.of("write-unchecked")))
                .hasStackTraceContaining("planted");

        assertThat(faulty().getOrLoad("loaded", LoadOptions.DEFAULT, key -> Optional.of("fine")))
                .hasValue("fine");
    }

    @Test
    void copyThatCannotBeRead_failsItsCall_andOtherCopiesAreServed() {
        Cache<String, String> near =
                larder.nearCache("faulty", NearOptions.DEFAULT, Codec.utf8(), FAULTY);
        near.put("near", "read-unchecked");
        near.put("fine", "fine");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> near.get("near")).isInstanceOf(CodecException.class);
            assertThat(near.get("fine")).hasValue("fine");
        }
        assertThat(near.bytes().nearStats().orElseThrow().hits()).isPositive();
    }
}
