package io.larder.server.tls;

import io.larder.server.tls.TlsSettings.Clients;
import io.larder.server.tls.TlsSettings.Library;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * What handshakes are made with, as the files were when they were read. Immutable; any thread.
 *
 * @param certificate the server's
 */
record TlsMaterial(SslContext context, X509Certificate certificate) {
    /** TLS 1.1 and older are not spoken whatever the JVM allows. */
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Each with forward secrecy and an authenticated cipher; those of 1.3 first. */
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final long SESSIONS_MAX = 20_000;
    private static final long SESSION_SECONDS_MAX = 3_600;

    /**
     * Reads the files and tries them: the key signs what the certificate verifies, today is between
     * the certificate's dates.
     */
    static TlsMaterial read(TlsSettings settings) throws TlsException {
        List<X509Certificate> chain = PemFiles.certificates(settings.certificate());
        PrivateKey key = PemFiles.key(settings.key());
        X509Certificate own = chain.get(0);
        requireValid(settings, own);
        requirePair(settings, own, key);
        SslContextBuilder builder =
                SslContextBuilder.forServer(key, chain)
                        .sslProvider(provider(settings.library()))
                        .protocols(PROTOCOLS)
                        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                        .sessionCacheSize(SESSIONS_MAX)
                        .sessionTimeout(SESSION_SECONDS_MAX)
                        .clientAuth(clientAuth(settings));
        if (asksClients(settings)) {
            builder.trustManager(PemFiles.certificates(settings.authority()));
        }
        try {
            return new TlsMaterial(builder.build(), own);
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException(settings.directory() + ": cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireValid(TlsSettings settings, X509Certificate own)
            throws TlsException {
        try {
            own.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new TlsException(
                    settings.certificate()
                            + ": valid from "
                            + own.getNotBefore().toInstant()
                            + " to "
                            + own.getNotAfter().toInstant()
                            + " (expected: now within)",
                    e);
        }
    }

    private static void requirePair(TlsSettings settings, X509Certificate own, PrivateKey key)
            throws TlsException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        byte[] text = new byte[32];
        new SecureRandom().nextBytes(text);
        boolean isPair;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(text);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(own.getPublicKey());
            verifying.update(text);
            isPair = verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            isPair = false; // keys of two algorithms
        }
        if (!isPair) {
            throw new TlsException(
                    settings.key()
                            + ": another certificate's key (expected: that of "
                            + settings.certificate().getFileName()
                            + ")");
        }
    }

    /** When the certificate expires. */
    Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    private static SslProvider provider(Library library) throws TlsException {
        if (library == Library.OPENSSL && !OpenSsl.isAvailable()) {
            throw new TlsException(
                    "tls.provider: openssl is not there (expected: netty-tcnative-boringssl-static on"
                            + " the class path)");
        }
        return library == Library.JDK || !OpenSsl.isAvailable()
                ? SslProvider.JDK
                : SslProvider.OPENSSL;
    }

    private static boolean asksClients(TlsSettings settings) {
        return settings.clients() == Clients.REQUIRED
                || (settings.clients() == Clients.OPTIONAL && Files.exists(settings.authority()));
    }

    private static ClientAuth clientAuth(TlsSettings settings) {
        if (!asksClients(settings)) {
            return ClientAuth.NONE;
        }
        return settings.clients() == Clients.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    }
}
