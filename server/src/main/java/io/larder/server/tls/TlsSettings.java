package io.larder.server.tls;

import java.nio.file.Path;

/**
 * How listeners speak TLS.
 *
 * @param directory where {@link #CERTIFICATE}, {@link #KEY} and, for certificates of clients,
 *     {@link #AUTHORITY} are
 * @param library what does the arithmetic
 * @param clients whether clients show certificates
 * @param handshakeTimeoutMillis from accepting a connection to the end of its handshake
 */
public record TlsSettings(
        Path directory, Library library, Clients clients, long handshakeTimeoutMillis) {
    /** The server's certificate in PEM, followed by those that lead to its authority, if any. */
    public static final String CERTIFICATE = "server.pem";

    /** Its private key in PEM, PKCS #8, without a password. */
    public static final String KEY = "server.key";

    /** The authorities, in PEM, whose certificates clients may show. */
    public static final String AUTHORITY = "ca.pem";

    /** What does the arithmetic. */
    public enum Library {
        /** BoringSSL where netty-tcnative is on the class path, else the JDK. */
        AUTO,
        /** The JDK. */
        JDK,
        /** BoringSSL by netty-tcnative; the start is refused without it. */
        OPENSSL
    }

    /** Whether clients show certificates. */
    public enum Clients {
        /** They are not asked. */
        OFF,
        /** They may; one that is not of the authorities is refused. */
        OPTIONAL,
        /** They must. */
        REQUIRED
    }

    public TlsSettings {
        if (handshakeTimeoutMillis < 1) {
            throw new IllegalArgumentException(
                    "handshakeTimeoutMillis: " + handshakeTimeoutMillis + " (expected: from 1)");
        }
    }

    Path certificate() {
        return directory.resolve(CERTIFICATE);
    }

    Path key() {
        return directory.resolve(KEY);
    }

    Path authority() {
        return directory.resolve(AUTHORITY);
    }
}
