package io.larder.bench.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.bench.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The program {@code openssl}, as somebody outside has it.
 *
 * @param authority whom it trusts
 */
record OpenSslClient(Path authority) {
    private static final long PATIENCE_SECONDS = 20;
    private static final long RENEGOTIATION_SECONDS = 10;

    /** What ends what it says of a handshake. */
    private static final String CONNECTED = "Extended master secret";

    /** What it says of a certificate: also of that of a further handshake. */
    private static final String VERIFIED = "verify return:1";

    private static final long POLL_MILLIS = 10;

    /** What says that this openssl cannot ask for that at all. */
    private static final Pattern UNABLE =
            Pattern.compile("(?i)no cipher match|unknown option|no protocols available|usage:");

    /** How a handshake ended. */
    enum End {
        MADE,
        REFUSED,
        /** This openssl does not speak that. */
        UNABLE
    }

    /** Every cipher of TLS 1.2 and before that this openssl knows. */
    static List<String> ciphers() {
        String all = run(List.of("openssl", "ciphers", "ALL:eNULL:@SECLEVEL=0")).strip();
        return Pattern.compile(":")
                .splitAsStream(all)
                .filter(cipher -> !cipher.startsWith("TLS_")) // those of TLS 1.3 are all strong
                .toList();
    }

    /** Connects with options of {@code s_client}. */
    End connect(InetSocketAddress address, String... options) {
        List<String> command = command(address);
        command.add("-brief");
        command.addAll(List.of(options));
        String text = run(command);
        if (text.contains("CONNECTION ESTABLISHED")) {
            return End.MADE;
        }
        return UNABLE.matcher(text).find() ? End.UNABLE : End.REFUSED;
    }

    private List<String> command(InetSocketAddress address) {
        return new ArrayList<>(
                List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + address.getPort(),
                        "-CAfile",
                        authority.toString(),
                        "-verify_return_error"));
    }

    /** Whether a server of TLS 1.2 lets its client shake hands once more. */
    boolean renegotiates(InetSocketAddress address) {
        List<String> command = command(address);
        command.add("-tls1_2");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                InputStream in = process.getInputStream();
                String made = read(process, in, CONNECTED);
                if (!made.contains(CONNECTED) || made.contains("Cipher is (NONE)")) {
                    throw new IOException(made.replaceAll("\\s+", " "));
                }
                process.getOutputStream().write("R\n".getBytes(ISO_8859_1));
                process.getOutputStream().flush();
                return read(process, in, VERIFIED).contains(VERIFIED);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new BenchException("openssl: " + e.getMessage() + " (expected: connected)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /** What a program says until it has said this, has ended, or too much time has passed. */
    private static String read(Process process, InputStream in, String last)
            throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(RENEGOTIATION_SECONDS);
        while (text.indexOf(last) < 0 && System.nanoTime() < endNanos) {
            boolean isOver = !process.isAlive();
            if (in.available() > 0) {
                text.append(new String(in.readNBytes(in.available()), ISO_8859_1));
            } else if (isOver) {
                break;
            } else {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        return text.toString();
    }

    /** Runs a program without input, and returns all it says. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchException(String.join(" ", command) + ": does not end");
            }
            return text;
        } catch (IOException e) {
            throw new BenchException("openssl: " + e.getMessage() + " (expected: installed)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
