package io.larder.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes certificates and keys in PEM. Stateless. */
final class PemFiles {
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-");

    private PemFiles() {}

    /** The certificates in a file, in their order; one at least. */
    static List<X509Certificate> certificates(Path file) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (var each :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))) {
                certificates.add((X509Certificate) each);
            }
        } catch (GeneralSecurityException e) {
            throw new TlsException(file + ": no certificates (expected: X.509 in PEM)", e);
        }
        if (certificates.isEmpty()) {
            throw new TlsException(file + ": empty (expected: certificates in PEM)");
        }
        return certificates;
    }

    /** The private key in a file. */
    static PrivateKey key(Path file) throws TlsException {
        Matcher pem = KEY.matcher(new String(bytes(file), US_ASCII));
        if (!pem.find()) {
            throw new TlsException(
                    file
                            + ": no private key (expected: BEGIN PRIVATE KEY, which is PKCS #8 without"
                            + " a password; openssl pkcs8 -topk8 -nocrypt makes it of others)");
        }
        try {
            var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
            for (String algorithm : KEY_ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (GeneralSecurityException e) {
                    // it is another algorithm's
                }
            }
        } catch (IllegalArgumentException e) {
            throw new TlsException(file + ": broken (expected: Base64)", e);
        }
        throw new TlsException(
                file + ": a key of another kind (expected: one of " + KEY_ALGORITHMS + ")");
    }

    private static byte[] bytes(Path file) throws TlsException {
        try {
            long bytes = Files.size(file);
            if (bytes > FILE_BYTES_MAX) {
                throw new TlsException(
                        file + ": " + bytes + " bytes (expected: at most " + FILE_BYTES_MAX + ")");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TlsException(file + ": cannot be read (expected: a file in PEM): " + e, e);
        }
    }

    /** One block of PEM. */
    static String block(String label, byte[] encoded) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
