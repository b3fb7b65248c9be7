package io.larder.client.net;

import io.larder.client.api.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a client's connections. By BoringSSL where netty-tcnative is on the class path, else
 * by the JDK. Any thread.
 */
final class ClientTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SslContext context;

    private ClientTls(SslContext context) {
        this.context = context;
    }

    /**
     * Reads what the options name; null for none.
     *
     * @throws IllegalArgumentException naming what cannot be used
     */
    static @Nullable ClientTls of(@Nullable TlsOptions options) {
        if (options == null) {
            return null;
        }
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                        .protocols(PROTOCOLS)
                        .endpointIdentificationAlgorithm("HTTPS");
        Path authorities = options.authorities();
        Path certificate = options.certificate();
        Path key = options.key();
        try {
            if (authorities != null) {
                builder.trustManager(authorities.toFile());
            }
            if (certificate != null && key != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
            return new ClientTls(builder.build());
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls: "
                            + options
                            + " (expected: readable PEM, the key in PKCS #8): "
                            + e.getMessage(),
                    e);
        }
    }

    /** What TLS says of what has failed; its outermost words may be of the library's only. */
    static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String outer = String.valueOf(failure.getMessage());
        String inner = String.valueOf(innermost.getMessage());
        return outer.contains(inner) ? outer : outer + ": " + inner;
    }

    /** What a connection to this server begins its pipeline with. */
    SslHandler newHandler(ByteBufAllocator allocator, ServerAddress address) {
        SslHandler handler = context.newHandler(allocator, address.host(), address.port());
        handler.setHandshakeTimeoutMillis(0); // the connection's own timeout is for all of it
        return handler;
    }
}
