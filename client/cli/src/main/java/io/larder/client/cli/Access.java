package io.larder.client.cli;

import io.larder.client.Larder;
import io.larder.client.LarderBuilder;
import io.larder.client.api.Credentials;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a program gets to a server that not everybody gets to; picocli fills it in. */
final class Access {
    private static final int CONNECT_MILLIS = 5_000;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Speak TLS, and trust the certificates of these authorities, in PEM")
    private @Nullable Path authorities;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate to show, in PEM; with --key")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Its private key, in PEM, PKCS #8 without a password")
    private @Nullable Path key;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Who one is, where the server has users; with --password-file")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file whose first line is the user's password")
    private @Nullable Path passwordFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file whose first line is a token, instead of both")
    private @Nullable Path tokenFile;

    /**
     * A client of this server, whose other options are the caller's.
     *
     * @param server HOST:PORT
     * @throws IllegalArgumentException if that is none
     * @throws InputException if a file cannot be used
     */
    LarderBuilder builder(String server) {
        requireFiles();
        LarderBuilder builder =
                Larder.builder((authorities == null ? "larder://" : "larders://") + server);
        if (authorities != null) {
            builder.trust(authorities);
        }
        if (certificate != null && key != null) {
            builder.clientCertificate(certificate, key);
        }
        Credentials shown = credentials();
        if (shown != null) {
            builder.credentials(() -> shown);
        }
        return builder;
    }

    /**
     * Who the caller is; null if he does not say it.
     *
     * @throws InputException if a file cannot be used
     */
    @Nullable Credentials credentials() {
        if ((user == null) != (passwordFile == null) || (user != null && tokenFile != null)) {
            throw new InputException(
                    "bad-argument",
                    "--user and --password-file (expected: both, or --token-file, or none)");
        }
        if (user != null && passwordFile != null) {
            return Credentials.ofPassword(user, secret("--password-file", passwordFile));
        }
        return tokenFile == null ? null : Credentials.ofToken(secret("--token-file", tokenFile));
    }

    private static String secret(String option, Path file) {
        requireFile(option, file);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            if (line != null && !line.isEmpty()) {
                return line;
            }
        } catch (IOException e) {
            throw new InputException("bad-argument", option + ": " + file + ": " + e.getMessage());
        }
        throw new InputException(
                "bad-argument", option + ": " + file + " (expected: a secret in its first line)");
    }

    private void requireFiles() {
        if ((certificate == null) != (key == null)) {
            throw new InputException("bad-argument", "--cert and --key (expected: both, or none)");
        }
        if (certificate != null && authorities == null) {
            throw new InputException("bad-argument", "--cert: without TLS (expected: with --ca)");
        }
        requireFile("--ca", authorities);
        requireFile("--cert", certificate);
        requireFile("--key", key);
    }

    private static void requireFile(String option, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw new InputException(
                    "bad-argument", option + ": " + file + " (expected: a readable file)");
        }
    }

    /**
     * A socket to this address, behind TLS if that is wanted. Locking: blocks until it is there.
     *
     * @throws InputException if a file cannot be used
     */
    Socket connect(InetSocketAddress address) throws IOException {
        requireFiles();
        Socket socket = new Socket();
        try {
            socket.connect(address, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            return authorities == null ? socket : secured(socket, address, authorities);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Socket secured(Socket socket, InetSocketAddress address, Path trusted)
            throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .trustManager(trusted.toFile());
        if (certificate != null && key != null) {
            builder.keyManager(certificate.toFile(), key.toFile());
        }
        JdkSslContext tls;
        try {
            tls = (JdkSslContext) builder.build();
        } catch (IllegalArgumentException e) {
            throw new InputException("bad-argument", "--ca, --cert, --key: " + e.getMessage());
        }
        SSLSocket secured =
                (SSLSocket)
                        tls.context()
                                .getSocketFactory()
                                .createSocket(
                                        socket, address.getHostString(), address.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(CONNECT_MILLIS);
        secured.startHandshake();
        secured.setSoTimeout(0);
        return secured;
    }
}
