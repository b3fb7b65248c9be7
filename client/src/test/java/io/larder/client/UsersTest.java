package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.Credentials;
import io.larder.client.api.LarderException;
import io.larder.client.api.ServerException;
import io.larder.client.net.ScramProbe;
import io.larder.protocol.AuthRequest;
import io.larder.protocol.auth.ScramFields;
import io.larder.protocol.auth.ScramSha256;
import io.larder.server.auth.UsersText;
import io.larder.server.tls.CertificateMaker;
import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that says who it is, and a real server that has users. */
@Timeout(60)
@Tag("slow")
class UsersTest {
    private static final byte[] KEY = "a/key".getBytes(UTF_8);

    @TempDir private Path directory;

    private RealServer server;

    @BeforeEach
    void start() throws Exception {
        Path users = directory.resolve("users");
        new UsersText()
                .user("ada", "read,write", "default:a/")
                .user("reader", "read", "*")
                .user("app", "all", "*")
                .write(users);
        CertificateMaker maker =
                new CertificateMaker(
                        "authority of a test",
                        Instant.now().minus(Duration.ofDays(1)),
                        Instant.now().plus(Duration.ofDays(1)));
        Issued issued = maker.issue("server", Use.SERVER, List.of("127.0.0.1"));
        Issued client = maker.issue("app", Use.CLIENT, List.of());
        Files.writeString(directory.resolve("ca.pem"), maker.authority().certificatePem());
        Files.writeString(directory.resolve("server.pem"), issued.certificatePem());
        Files.writeString(directory.resolve("server.key"), issued.keyPem());
        Files.writeString(directory.resolve("client.pem"), client.certificatePem());
        Files.writeString(directory.resolve("client.key"), client.keyPem());
        server = RealServer.with("auth.users=" + users, "tls.directory=" + directory);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private LarderBuilder builder() {
        return Larder.builder("larders://127.0.0.1:" + server.port())
                .trust(directory.resolve("ca.pem"))
                .connectTimeout(Duration.ofSeconds(10));
    }

    @Test
    void password_isShownWithoutBeingSaid() {
        try (Larder larder = builder().password("ada", "ada").connect()) {
            larder.cache().put(KEY, KEY);

            assertThat(larder.cache().get(KEY)).contains(KEY);
        }
    }

    @Test
    void token_isEnough_andSoIsACertificate() {
        try (Larder larder = builder().token("reader").connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
        try (Larder larder =
                builder()
                        .clientCertificate(
                                directory.resolve("client.pem"), directory.resolve("client.key"))
                        .connect()) {
            assertThat(larder.stats()).containsKey("items");
        }
    }

    @Test
    void whatIsNotPermitted_isAnErrorThatSaysSo_andTheConnectionStays() {
        try (Larder larder = builder().token("reader").connect()) {
            assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                    .isInstanceOfSatisfying(
                            ServerException.class,
                            e -> assertThat(e.statusName()).isEqualTo("FORBIDDEN"));
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void wrongSecrets_areRefused_andNotSaid() {
        for (LarderBuilder wrong :
                List.of(
                        builder().password("ada", "guess"),
                        builder().password("nobody", "guess"),
                        builder().token("guess"),
                        builder().token("\n"))) {
            assertThatThrownBy(wrong::connect)
                    .isInstanceOf(LarderException.class)
                    .hasMessageContaining("AUTH_FAILED")
                    .message()
                    .doesNotContain("guess");
        }
        assertThat(Credentials.ofPassword("ada", "guess")).asString().doesNotContain("guess");
        assertThat(Credentials.ofToken("guess")).asString().doesNotContain("guess");
    }

    @Test
    void nobody_isAskedWhoHeIs() {
        try (Larder larder = builder().connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(LarderException.class)
                    .hasMessageContaining("AUTH_REQUIRED");
        }
    }

    @Test
    void tokenOfAMebibyte_isRefused() {
        assertThatThrownBy(builder().token("x".repeat(1 << 20))::connect)
                .isInstanceOf(LarderException.class);
        try (Larder larder = builder().token("reader").connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void secret_isAskedForEachConnection() {
        AtomicReference<Credentials> present =
                new AtomicReference<>(Credentials.ofToken("no user's any more"));
        try (Larder larder =
                builder()
                        .credentials(present::get)
                        .requestTimeout(Duration.ofSeconds(20))
                        .connectInBackground()) {
            present.set(Credentials.ofToken("reader"));

            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void serverThatDoesNotKnowTheUser_isNotBelieved() {
        // what a server has to know to make a signature is what this one makes up
        byte[] wrong = ScramSha256.salted("another", new byte[16], ScramSha256.ITERATIONS_MIN);
        assertThatThrownBy(() -> exchange(wrong, ScramSha256.ITERATIONS_MIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signature");
        assertThatThrownBy(() -> exchange(wrong, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("iterations: 1 ");
    }

    private static void exchange(byte[] salted, int iterations) {
        ScramProbe probe = new ScramProbe(Credentials.ofPassword("ada", "ada"));
        AuthRequest first = probe.begin();
        String nonce = ScramFields.of(new String(first.data(), UTF_8).substring(3)).get('r');
        probe.next("r=" + nonce + "x,s=AAAAAAAAAAAAAAAAAAAAAA==,i=" + iterations);
        byte[] signature = ScramSha256.signature(ScramSha256.serverKey(salted), "messages");
        probe.next("v=" + Base64.getEncoder().encodeToString(signature));
    }
}
