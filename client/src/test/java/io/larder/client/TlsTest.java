package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.LarderException;
import io.larder.server.tls.CertificateMaker;
import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client and the real server, with TLS between them. */
@Timeout(60)
class TlsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    @TempDir private Path directory;

    private CertificateMaker maker;
    private RealServer server;

    @BeforeEach
    void makeAuthority() throws Exception {
        maker = newMaker();
    }

    private static CertificateMaker newMaker() throws Exception {
        return new CertificateMaker(
                "authority of a test",
                Instant.now().minus(Duration.ofDays(1)),
                Instant.now().plus(Duration.ofDays(1)));
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private void start(String host, String... definitions) throws Exception {
        put("ca.pem", maker.authority().certificatePem());
        putServer(host);
        String[] all = new String[definitions.length + 1];
        System.arraycopy(definitions, 0, all, 1, definitions.length);
        all[0] = "tls.directory=" + directory;
        server = RealServer.with(all);
    }

    private void putServer(String host) throws Exception {
        Issued issued = maker.issue("server", Use.SERVER, List.of(host));
        put("server.key", issued.keyPem());
        put("server.pem", issued.certificatePem());
    }

    private Path put(String name, String text) throws Exception {
        Path file = directory.resolve(name);
        Path whole = Files.writeString(directory.resolve("new"), text);
        return Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private LarderBuilder builder() {
        return Larder.builder("larders://127.0.0.1:" + server.port())
                .trust(directory.resolve("ca.pem"));
    }

    @Test
    void client_thatTrusts_readsAndWrites() throws Exception {
        start("127.0.0.1");
        try (Larder larder = builder().connect()) {
            byte[] large = new byte[3 << 20];
            larder.cache().put(KEY, large);

            assertThat(larder.cache().get(KEY)).contains(large);
        }
    }

    @Test
    void client_withACertificate_isLetIn_whereOneIsRequired() throws Exception {
        start("127.0.0.1", "tls.client-certificates=required");
        Issued issued = maker.issue("app", Use.CLIENT, List.of());
        Path certificate = put("app.pem", issued.certificatePem());
        Path key = put("app.key", issued.keyPem());

        try (Larder larder = builder().clientCertificate(certificate, key).connect()) {
            assertThat(larder.ping()).isPositive();
        }
        assertThatThrownBy(() -> builder().connectTimeout(Duration.ofSeconds(5)).connect())
                .isInstanceOf(LarderException.class);
    }

    @Test
    void server_ofAnotherAuthority_isNotTrusted() throws Exception {
        start("127.0.0.1");
        put("ca.pem", newMaker().authority().certificatePem()); // the client's now

        assertThatThrownBy(() -> builder().connect())
                .isInstanceOf(LarderException.class)
                .hasMessageContaining("Path does not chain");
    }

    @Test
    void server_ofAnotherName_isNotTrusted() throws Exception {
        start("cache.example.org");

        assertThatThrownBy(() -> builder().connect())
                .isInstanceOf(LarderException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void client_withoutTls_isTurnedAway() throws Exception {
        start("127.0.0.1");

        assertThatThrownBy(() -> Larder.connect(server.uri())).isInstanceOf(LarderException.class);
    }

    @Test
    void server_withoutTls_isSaidToHaveNone() throws Exception {
        start("127.0.0.1", "tls.directory=none");

        assertThatThrownBy(() -> builder().connect())
                .isInstanceOf(LarderException.class)
                .hasMessageContaining("not an SSL/TLS record");
    }

    @Test
    void trust_withoutTls_isRefused() {
        LarderBuilder plain = Larder.builder("larder://127.0.0.1:1");

        assertThatThrownBy(() -> plain.trust(directory))
                .hasMessage("trust: without TLS (expected: a URI that begins with larders://)");
        assertThatThrownBy(
                        () ->
                                Larder.builder("larders://127.0.0.1:1")
                                        .trust(directory.resolve("absent.pem"))
                                        .connect())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absent.pem");
    }

    @Test
    void certificates_swappedUnderLoad_noCallFails() throws Exception {
        start("127.0.0.1");
        AtomicBoolean isOver = new AtomicBoolean();
        try (Larder larder = builder().connect()) {
            larder.cache().put(KEY, new byte[] {'0'});
            Thread load = new Thread(() -> load(larder, isOver));
            load.start();
            for (int swap = 1; swap <= 3; swap++) {
                if (swap == 2) {
                    put("server.key", "no key");
                } else {
                    putServer("127.0.0.1");
                }
                String figure = swap == 2 ? "tls_reloads_failed" : "tls_reloads";
                String count = swap == 3 ? "2" : "1";
                await().until(() -> larder.stats().get(figure).equals(count));
                try (Larder another = builder().connect()) {
                    assertThat(another.ping()).isPositive();
                }
            }
            isOver.set(true);
            load.join();
            assertThat(failures).isEmpty();
            assertThat(larder.cache().increment(KEY, 0).orElse(0)).isPositive();
        } finally {
            isOver.set(true);
        }
    }

    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

    private void load(Larder larder, AtomicBoolean isOver) {
        while (!isOver.get()) {
            try {
                larder.cache().increment(KEY, 1);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }
}
