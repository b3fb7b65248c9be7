package io.larder.client.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS: a server's certificate has to be signed by one that is trusted, to be of
 * today, and of the host in the URI. All files are in PEM and are read when the client is made.
 *
 * @param authorities whose certificates are trusted; null: those that the JVM trusts
 * @param certificate that the client shows, followed by those that lead to its authority, if any;
 *     null: none
 * @param key of that certificate, PKCS #8 without a password; null: none
 */
public record TlsOptions(
        @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    /** Trusts whom the JVM trusts, and shows no certificate. */
    public static final TlsOptions DEFAULT = new TlsOptions(null, null, null);

    public TlsOptions {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "certificate: "
                            + certificate
                            + ", key: "
                            + key
                            + " (expected: both, or neither)");
        }
    }
}
