package io.larder.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.tls.CertificateFiles;
import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import io.larder.server.tls.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** TLS on the listeners of a whole server, by the JDK's own sockets and by raw bytes. */
@Timeout(60)
@Tag("slow")
class TlsListenersTest {
    /** Within which whoever is not to get in has to be refused. */
    private static final int PATIENCE_MILLIS = 10_000;

    private static final String[] BOTH = {"TLSv1.3", "TLSv1.2"};

    @TempDir private Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private CertificateFiles certificates;
    private LarderServer server;

    @BeforeEach
    void keepLog() throws Exception {
        certificates = new CertificateFiles();
        log.start();
        logger().addAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(TlsContexts.class);
    }

    @AfterEach
    void close() {
        logger().detachAppender(log);
        if (server != null) {
            server.close();
        }
    }

    private void start(String... definitions) throws Exception {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=16m")
                        .define("tls.directory=" + directory)
                        .define("tls.provider=jdk");
        for (String name : List.of("data", "admin", "http", "memcached", "resp")) {
            loader.define("listeners." + name + ".port=0");
        }
        for (String definition : definitions) {
            loader.define(definition);
        }
        server = LarderServer.start(loader.load());
    }

    private void startUsual(String... definitions) throws Exception {
        certificates.write(directory, certificates.server());
        start(definitions);
    }

    private InetSocketAddress admin() {
        return server.adminAddress();
    }

    private static SSLSocket connect(SSLContext context, InetSocketAddress to, String... protocols)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setEnabledProtocols(protocols);
        socket.connect(to);
        socket.startHandshake();
        return socket;
    }

    private static String ask(Socket socket, String line) throws IOException {
        socket.getOutputStream().write(line.getBytes(US_ASCII));
        byte[] answer = new byte[4096];
        int bytes = socket.getInputStream().read(answer);
        return bytes < 0 ? "" : new String(answer, 0, bytes, US_ASCII);
    }

    private void awaitRefusal(String listener, String reason) {
        await().untilAsserted(
                        () ->
                                assertThat(List.copyOf(log.list))
                                        .anySatisfy(
                                                line ->
                                                        assertThat(line.getFormattedMessage())
                                                                .startsWith(
                                                                        listener + ": 127.0.0.1:")
                                                                .contains(" refused: ")
                                                                .containsIgnoringCase(reason)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void everyListener_speaksBoth(String protocol) throws Exception {
        startUsual();
        SSLContext trusting = certificates.context();

        try (SSLSocket socket = connect(trusting, admin(), protocol)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(ask(socket, "ruok\n")).isEqualTo("imok\n");
        }
        try (SSLSocket socket = connect(trusting, server.httpAddress(), protocol)) {
            assertThat(ask(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
        try (SSLSocket socket = connect(trusting, server.address("memcached"), protocol)) {
            assertThat(ask(socket, "version\r\n")).startsWith("VERSION ");
        }
        try (SSLSocket socket = connect(trusting, server.address("resp"), protocol)) {
            assertThat(ask(socket, "PING\r\n")).isEqualTo("+PONG\r\n");
        }
        try (SSLSocket socket = connect(trusting, server.dataAddress(), protocol)) {
            socket.getOutputStream().write(new byte[24]); // no magic: answered, then closed
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(0xD2);
            assertThat(in.readAllBytes()).isNotEmpty(); // to TLS's own end
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "admin", "http", "memcached", "resp"})
    void everyListener_refusesWhatIsNoTlsOrTooOld_othersGoOn(String listener) throws Exception {
        startUsual();
        InetSocketAddress address = address(listener);
        try (SSLSocket good = connect(certificates.context(), admin(), BOTH);
                Socket plain = new Socket();
                Socket old = new Socket()) {
            plain.connect(address);
            plain.setSoTimeout(PATIENCE_MILLIS);
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(plain.getInputStream().read()).as("nothing is said").isEqualTo(-1);
            awaitRefusal(listener, "no TLS, its first bytes are 474554202f204854");

            old.connect(address);
            old.setSoTimeout(PATIENCE_MILLIS);
            old.getOutputStream().write(clientHello(0x0302));
            assertThat(old.getInputStream().readAllBytes()).startsWith(21).endsWith(2, 70);
            awaitRefusal(listener, "TLS: ");
            assertThat(ask(good, "ruok\n")).isEqualTo("imok\n");
        }
    }

    private InetSocketAddress address(String listener) {
        return requireNonNull(
                switch (listener) {
                    case "data" -> server.dataAddress();
                    case "admin" -> admin();
                    case "http" -> server.httpAddress();
                    default -> server.address(listener);
                });
    }

    @Test
    void plaintext_isRefused_othersGoOn() throws Exception {
        startUsual();
        try (SSLSocket good = connect(certificates.context(), admin(), BOTH);
                Socket plain = new Socket()) {
            plain.connect(admin());

            assertThat(ask(plain, "ruok\n")).isEmpty();

            awaitRefusal("admin", "no TLS, its first bytes are 72756f6b");
            assertThat(ask(good, "ruok\n")).isEqualTo("imok\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 40})
    void stalledHandshake_isEnded(int bytesSent) throws Exception {
        startUsual("tls.handshake-timeout=1s");
        try (SSLSocket good = connect(certificates.context(), admin(), BOTH);
                Socket slow = new Socket()) {
            slow.connect(admin());
            slow.getOutputStream().write(clientHello(0x0303), 0, bytesSent);

            assertThat(slow.getInputStream().read()).isEqualTo(-1);

            awaitRefusal("admin", bytesSent < 5 ? "no TLS handshake within 1000 ms" : "timed out");
            assertThat(ask(good, "ruok\n")).isEqualTo("imok\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0300, 0x0301, 0x0302})
    void olderVersions_areRefused(int version) throws Exception {
        startUsual();
        try (Socket old = new Socket()) {
            old.connect(admin());
            old.getOutputStream().write(clientHello(version));

            InputStream in = old.getInputStream();
            assertThat(in.read()).as("an alert").isEqualTo(21);
            assertThat(in.readAllBytes()).as("fatal: protocol_version").endsWith(2, 70);
            awaitRefusal("admin", "TLS: ");
        }
    }

    /** The hello of a client that speaks no later version than this one. */
    private static byte[] clientHello(int version) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(version);
        out.write(new byte[32]); // random
        out.writeByte(0); // no session
        out.writeShort(4);
        out.writeShort(0xC009); // ECDHE-ECDSA, AES-128-CBC
        out.writeShort(0xC02B); // and GCM
        out.writeShort(0x0100); // no compression
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        out = new DataOutputStream(record);
        out.writeByte(22);
        out.writeShort(Math.min(version, 0x0301));
        out.writeShort(body.size() + 4);
        out.writeInt(1 << 24 | body.size());
        body.writeTo(out);
        return record.toByteArray();
    }

    @Test
    void renegotiation_isRefused() throws Exception {
        startUsual();
        try (SSLSocket socket = connect(certificates.context(), admin(), "TLSv1.2")) {
            assertThat(ask(socket, "ruok\n")).isEqualTo("imok\n");

            assertThatThrownBy(
                            () -> {
                                socket.startHandshake();
                                ask(socket, "ruok\n");
                            })
                    .isInstanceOfAny(SSLException.class, SocketException.class);

            awaitRefusal("admin", "renegotiation");
        }
    }

    @Test
    void clientCertificates_ofOthersOrExpired_areRefused() throws Exception {
        startUsual();
        Issued foreign = new CertificateFiles().client("mallory");

        try (SSLSocket socket =
                connect(certificates.context(certificates.client("app")), admin(), BOTH)) {
            assertThat(ask(socket, "ruok\n")).isEqualTo("imok\n");
        }
        for (Issued shown : List.of(foreign, certificates.expired(Use.CLIENT))) {
            log.list.clear();
            assertThatThrownBy(
                            () -> {
                                SSLContext context = certificates.context(shown);
                                try (SSLSocket socket = connect(context, admin(), "TLSv1.2")) {
                                    ask(socket, "ruok\n");
                                }
                            })
                    .isInstanceOfAny(SSLException.class, SocketException.class);
            awaitRefusal("admin", "PKIX path ");
        }
    }

    @Test
    void clientCertificates_required_noneShown_isRefused() throws Exception {
        startUsual("tls.client-certificates=required");

        assertThatThrownBy(
                        () -> {
                            try (SSLSocket socket =
                                    connect(certificates.context(), admin(), "TLSv1.2")) {
                                ask(socket, "ruok\n");
                            }
                        })
                .isInstanceOfAny(SSLException.class, SocketException.class);
        awaitRefusal("admin", "certificate");
    }

    @Test
    void start_withWhatCannotBeUsed_saysWhy() throws Exception {
        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("server.pem: cannot be read");

        certificates.write(directory, certificates.expired(Use.SERVER));
        assertThatThrownBy(this::start).hasMessageContaining("(expected: now within)");

        certificates.write(directory, certificates.server());
        CertificateFiles.put(directory.resolve("server.key"), certificates.client("x").keyPem());
        assertThatThrownBy(this::start)
                .hasMessageContaining("server.key: another certificate's key");

        CertificateFiles.put(directory.resolve("server.key"), "-----BEGIN EC PRIVATE KEY-----");
        assertThatThrownBy(this::start).hasMessageContaining("server.key: no private key");
    }

    @Test
    void certificates_replaced_areShownToNewConnections_badOnesAreNot() throws Exception {
        Issued first = certificates.server();
        Issued second = certificates.server();
        certificates.write(directory, first);
        start();
        SSLContext trusting = certificates.context();
        try (SSLSocket before = connect(trusting, admin(), "TLSv1.2")) {
            assertThat(serial(before)).isEqualTo(first.certificate().getSerialNumber());

            CertificateFiles.put(directory.resolve("server.pem"), "no certificate");
            await().until(() -> figure(before, "tls_reloads_failed").equals("1"));
            assertThat(shownNow()).isEqualTo(first.certificate().getSerialNumber());

            certificates.write(directory, second);
            await().until(() -> figure(before, "tls_reloads").equals("1"));
            assertThat(shownNow()).isEqualTo(second.certificate().getSerialNumber());
            assertThat(ask(before, "ruok\n")).isEqualTo("imok\n");
        }
        assertThat(log.list)
                .anySatisfy(
                        line ->
                                assertThat(line.getFormattedMessage())
                                        .startsWith("TLS keeps its certificates: ")
                                        .contains("server.pem: "));
    }

    /** What a client sees that has no session of before. */
    private BigInteger shownNow() throws Exception {
        try (SSLSocket socket = connect(certificates.context(), admin(), "TLSv1.2")) {
            return serial(socket);
        }
    }

    private static BigInteger serial(SSLSocket socket) throws SSLException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    private static String figure(Socket admin, String name) throws IOException {
        admin.getOutputStream().write("stats\n".getBytes(US_ASCII));
        StringBuilder all = new StringBuilder();
        while (!all.toString().endsWith("END\n")) {
            byte[] part = new byte[8192];
            int bytes = admin.getInputStream().read(part);
            all.append(new String(part, 0, bytes, US_ASCII));
        }
        return all.toString()
                .lines()
                .filter(line -> line.startsWith("STAT " + name + ' '))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElse("absent");
    }

    @Test
    void cert_makesWhatAServerAndAClientCanUse() throws Exception {
        Path made = directory.resolve("made");

        int exitCode = LarderMain.commandLine().execute("cert", "--out", made.toString());
        int again = LarderMain.commandLine().execute("cert", "--out", made.toString());

        assertThat(exitCode).isZero();
        assertThat(again).as("nothing is overwritten").isEqualTo(2);
        assertThat(Files.list(made).map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        "ca.pem", "server.pem", "server.key", "client.pem", "client.key");
        start("tls.directory=" + made, "tls.client-certificates=required");
    }
}
