package io.larder.server.tls;

import io.larder.server.tls.CertificateMaker.Issued;
import io.larder.server.tls.CertificateMaker.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates in a directory, as an operator puts them there, and what clients make of them. */
public final class CertificateFiles {
    private final CertificateMaker maker;

    /** A new authority. */
    public CertificateFiles() throws GeneralSecurityException {
        maker =
                new CertificateMaker(
                        "authority of a test",
                        Instant.now().minus(Duration.ofDays(2)),
                        Instant.now().plus(Duration.ofDays(1)));
    }

    public CertificateMaker maker() {
        return maker;
    }

    /** One for 127.0.0.1 and localhost. */
    public Issued server() throws GeneralSecurityException {
        return maker.issue("server", Use.SERVER, List.of("127.0.0.1", "localhost"));
    }

    /** One that was valid until an hour ago. */
    public Issued expired(Use use) throws GeneralSecurityException {
        return maker.issue(
                "late",
                use,
                List.of("127.0.0.1"),
                Instant.now().minus(Duration.ofDays(1)),
                Instant.now().minus(Duration.ofHours(1)));
    }

    public Issued client(String name) throws GeneralSecurityException {
        return maker.issue(name, Use.CLIENT, List.of());
    }

    /** Writes what a server reads. */
    public void write(Path directory, Issued server) throws IOException, GeneralSecurityException {
        put(directory.resolve("ca.pem"), maker.authority().certificatePem());
        put(directory.resolve("server.key"), server.keyPem());
        put(directory.resolve("server.pem"), server.certificatePem());
    }

    /** Replaces a file at one stroke. */
    public static void put(Path file, String text) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(
                whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Trusts this authority, and shows these. */
    public SSLContext context(Issued... shown) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null);
        trusted.setCertificateEntry("ca", maker.authority().certificate());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null);
        for (Issued each : shown) {
            own.setKeyEntry(
                    "own",
                    each.key(),
                    new char[0],
                    new java.security.cert.Certificate[] {each.certificate()});
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
