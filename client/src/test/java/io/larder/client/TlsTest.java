package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.client.api.LarderException;
import io.larder.server.tls.CertificateMaker;
import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

    /** Each is refused at once, the server says why, and whoever is connected notices nothing. */
    @Test
    void whoeverIsRefused_isToldOf_andDisturbsNobody() throws Exception {
        start("127.0.0.1", "tls.provider=jdk");
        Path authority = directory.resolve("ca.pem");
        Path foreign = put("foreign.pem", newMaker().authority().certificatePem());
        Map<LarderBuilder, String> refused = new LinkedHashMap<>();
        refused.put(tls("127.0.0.1").trust(foreign), "certificate_unknown");
        refused.put(tls("localhost").trust(authority), "certificate_unknown");
        refused.put(showing(expired()), "PKIX path validation");
        refused.put(showing(newMaker().issue("x", Use.CLIENT, List.of())), "PKIX path validation");
        refused.put(Larder.builder(server.uri()), "no TLS");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.larder.server.tls.TlsContexts");
        log.start();
        logger.addAppender(log);
        try (Larder good = builder().connect()) {
            for (Map.Entry<LarderBuilder, String> each : refused.entrySet()) {
                log.list.clear();
                assertThatThrownBy(() -> each.getKey().connect())
                        .as(each.getValue())
                        .isInstanceOf(LarderException.class);
                awaitLine(log, "data: 127\\.0\\.0\\.1:.* refused: .*" + each.getValue() + ".*");
                assertThat(good.ping()).isPositive();
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    private static void awaitLine(ListAppender<ILoggingEvent> log, String pattern) {
        await().untilAsserted(
                        () ->
                                assertThat(List.copyOf(log.list))
                                        .extracting(ILoggingEvent::getFormattedMessage)
                                        .anyMatch(line -> line.matches(pattern)));
    }

    private LarderBuilder tls(String host) {
        return Larder.builder("larders://" + host + ":" + server.port());
    }

    private LarderBuilder showing(Issued shown) throws Exception {
        Path certificate =
                put(
                        "shown" + shown.certificate().getSerialNumber() + ".pem",
                        shown.certificatePem());
        Path key = put("shown" + shown.certificate().getSerialNumber() + ".key", shown.keyPem());
        return builder().clientCertificate(certificate, key);
    }

    private Issued expired() throws Exception {
        Instant now = Instant.now();
        return maker.issue(
                "late", Use.CLIENT, List.of(), now.minusSeconds(7_200), now.minusSeconds(3_600));
    }

    @Test
    void serversCertificate_expiresWhileItRuns_newConnectionsAreNotMade_thoseThereAreGoOn()
            throws Exception {
        start("127.0.0.1", "tls.provider=jdk");
        try (Larder before = builder().connect()) {
            Instant end = null;
            for (int lifeSeconds = 3; end == null; lifeSeconds *= 2) {
                end = putBrief(before, lifeSeconds); // a slow machine needs another one
            }
            Instant over = end.plusSeconds(1);
            await().atMost(Duration.ofSeconds(50)).until(() -> Instant.now().isAfter(over));

            assertThatThrownBy(() -> builder().connect())
                    .isInstanceOf(LarderException.class)
                    .hasMessageMatching("(?s).*(expired|NotAfter).*");
            assertThat(before.ping()).isPositive();
        }
    }

    /** Until when the certificate is good that is shown now; null if that was over too soon. */
    private @Nullable Instant putBrief(Larder before, int lifeSeconds) throws Exception {
        Instant end = Instant.now().plusSeconds(lifeSeconds).truncatedTo(ChronoUnit.SECONDS);
        Issued brief =
                maker.issue(
                        "brief", Use.SERVER, List.of("127.0.0.1"), end.minusSeconds(3_600), end);
        String failed = before.stats().get("tls_reloads_failed");
        put("server.key", brief.keyPem());
        put("server.pem", brief.certificatePem());
        await().until(
                        () ->
                                before.stats().get("tls_reloads").equals("1")
                                        || !before.stats()
                                                .get("tls_reloads_failed")
                                                .equals(failed));
        return before.stats().get("tls_reloads").equals("1") ? end : null;
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
