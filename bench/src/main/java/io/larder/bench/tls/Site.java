package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.protocol.auth.ScramSha256;
import io.larder.server.tls.CertificateMaker;
import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A directory with certificates and users for one run; closing it deletes it. For one thread.
 *
 * @param directory what {@code tls.directory} names
 * @param trust of a client that knows the authority
 */
record Site(Path directory, SSLContext trust) implements AutoCloseable {
    /** The token of the only user. */
    static final String TOKEN = "larder-bench-tls";

    private static final Duration VALID = Duration.ofDays(1);

    /** What the server's certificate is about. */
    enum Keys {
        EC,
        RSA;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Makes them, with keys of either kind. */
    static Site make(Keys keys) {
        return keys == Keys.EC ? make() : makeByOpenSsl();
    }

    /** What Larder does not make, other authorities do. */
    private static Site makeByOpenSsl() {
        try {
            Path directory = Files.createTempDirectory("larder-bench-tls");
            Path certificate = directory.resolve("server.pem");
            String said =
                    OpenSslClient.run(
                            List.of(
                                    "openssl",
                                    "req",
                                    "-x509",
                                    "-newkey",
                                    "rsa:2048",
                                    "-nodes",
                                    "-days",
                                    "1",
                                    "-subj",
                                    "/CN=localhost",
                                    "-addext",
                                    "subjectAltName=DNS:localhost,IP:127.0.0.1",
                                    "-keyout",
                                    directory.resolve("server.key").toString(),
                                    "-out",
                                    certificate.toString()));
            if (!Files.exists(certificate)) {
                throw new BenchException("openssl: " + said + " (expected: a certificate)");
            }
            Files.copy(certificate, directory.resolve("ca.pem"));
            return new Site(directory, trusting(Files.readString(certificate)));
        } catch (IOException | GeneralSecurityException e) {
            throw new BenchException("certificates: " + e.getMessage(), e);
        }
    }

    /**
     * Makes them.
     *
     * @throws BenchException if that fails
     */
    static Site make() {
        try {
            Path directory = Files.createTempDirectory("larder-bench-tls");
            Instant now = Instant.now();
            CertificateMaker maker =
                    new CertificateMaker("authority of a run", now.minus(VALID), now.plus(VALID));
            Issued server = maker.issue("server", Use.SERVER, List.of("localhost", "127.0.0.1"));
            String authority = maker.authority().certificatePem();
            Files.writeString(directory.resolve("ca.pem"), authority);
            Files.writeString(directory.resolve("server.pem"), server.certificatePem());
            Files.writeString(directory.resolve("server.key"), server.keyPem());
            return new Site(directory, trusting(authority));
        } catch (IOException | GeneralSecurityException e) {
            throw new BenchException("certificates: " + e.getMessage(), e);
        }
    }

    private static SSLContext trusting(String authority)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        authority.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /**
     * A users file whose user may read and write these keys.
     *
     * @param place as {@code *} or {@code default:key}
     */
    Path users(String place) {
        String digest =
                HexFormat.of()
                        .formatHex(ScramSha256.sha256(TOKEN.getBytes(StandardCharsets.US_ASCII)));
        Path file = directory.resolve("users-" + place.replaceAll("[^a-z]", "_"));
        try {
            return Files.writeString(
                    file,
                    "role load read,write "
                            + place
                            + "\nuser load roles=load token=sha256:"
                            + digest
                            + '\n');
        } catch (IOException e) {
            throw new BenchException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new BenchException(directory + ": not deleted: " + e.getMessage(), e);
        }
    }
}
