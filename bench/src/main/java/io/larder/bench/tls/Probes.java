package io.larder.bench.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a scanner finds at a server with TLS and users: {@code openssl s_client} with one version or
 * one cipher after the other, and what each listener says to strangers. For one thread.
 */
final class Probes {
    private static final List<String> LISTENERS =
            List.of("data", "admin", "http", "memcached", "resp");
    private static final List<String> OLD = List.of("-tls1", "-tls1_1");
    private static final List<String> PRESENT = List.of("-tls1_2", "-tls1_3");
    private static final long PATIENCE_SECONDS = 20;

    /** What a cipher of TLS 1.2 that is not weak is called: forward secrecy, and an AEAD. */
    private static final Pattern STRONG = Pattern.compile("ECDHE-.*(GCM|CHACHA20|CCM).*");

    /** A version's number, as strangers are not to see it. */
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+");

    private final ServerProcess server;
    private final Site site;
    private final String provider;
    private final List<String> found = new ArrayList<>();
    private int probes;
    private int ciphersTaken;

    private Probes(ServerProcess server, Site site, String provider) {
        this.server = server;
        this.provider = provider;
        this.site = site;
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isKept whether nothing was found
     */
    record Outcome(ResultLine result, boolean isKept) {}

    /** Of every implementation of TLS that there is. */
    static Outcome run() {
        List<String> providers = OpenSsl.isAvailable() ? List.of("jdk", "openssl") : List.of("jdk");
        ResultLine line = ResultLine.of("tls");
        int probes = 0;
        int found = 0;
        for (String provider : providers) {
            Probes looked = run(provider);
            line.put(provider + "_ciphers_taken", looked.ciphersTaken);
            probes += looked.probes;
            found += looked.found.size();
        }
        return new Outcome(line.put("probes", probes).put("found", found), found == 0);
    }

    private static Probes run(String provider) {
        try (Site site = Site.make();
                ServerProcess server =
                        ServerProcess.start(
                                ServerProcess.command(
                                        Optional.empty(),
                                        List.of(
                                                "store.memory=64m",
                                                "listeners.memcached.port=0",
                                                "listeners.resp.port=0",
                                                "auth.users=" + site.users("*"),
                                                "tls.provider=" + provider,
                                                "tls.directory=" + site.directory())))) {
            Probes probes = new Probes(server, site, provider);
            probes.look();
            server.stop();
            return probes;
        }
    }

    private void look() {
        List<String> ciphers = ciphers();
        for (String listener : LISTENERS) {
            Progress.say("probe: %s, %s", provider, listener);
            for (String version : OLD) {
                expect(listener, false, version, "-cipher", "ALL:@SECLEVEL=0");
            }
            for (String version : PRESENT) {
                expect(listener, true, version);
            }
            for (String weak : List.of("aNULL", "eNULL", "RC4", "3DES", "EXPORT", "kRSA")) {
                expect(listener, false, "-tls1_2", "-cipher", weak + ":@SECLEVEL=0");
            }
        }
        for (String cipher : ciphers) {
            boolean isTaken = connects("data", "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0");
            ciphersTaken += isTaken ? 1 : 0;
            if (isTaken && !STRONG.matcher(cipher).matches()) {
                found.add("data takes " + cipher);
            }
        }
        if (ciphersTaken == 0) {
            throw new BenchException("ciphers: none is taken (expected: one at least)");
        }
        strangers();
        found.forEach(Progress::say);
    }

    private void expect(String listener, boolean isTaken, String... options) {
        if (connects(listener, options) != isTaken) {
            found.add(listener + (isTaken ? " refuses " : " takes ") + String.join(" ", options));
        }
    }

    /** Every cipher of TLS 1.2 that this openssl knows. */
    private static List<String> ciphers() {
        String all = run(List.of("openssl", "ciphers", "ALL:eNULL:@SECLEVEL=0")).strip();
        return Pattern.compile(":")
                .splitAsStream(all)
                .filter(cipher -> !cipher.startsWith("TLS_")) // those of TLS 1.3 are all strong
                .toList();
    }

    private boolean connects(String listener, String... options) {
        InetSocketAddress address = server.ready().address(listener);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + address.getPort(),
                                "-CAfile",
                                site.directory().resolve("ca.pem").toString(),
                                "-verify_return_error",
                                "-brief"));
        command.addAll(List.of(options));
        probes++;
        return run(command).contains("CONNECTION ESTABLISHED");
    }

    /** Runs a program without input, and returns all it says. */
    private static String run(List<String> command) {
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

    /** What each listener says to somebody who has not said who he is. */
    private void strangers() {
        stranger("http", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "401");
        stranger(
                "http",
                "GET /api/server HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "401");
        stranger("admin", "version\nquit\n", "auth-required");
        stranger("admin", "help\nquit\n", "auth-required");
        stranger("resp", "*1\r\n$4\r\nINFO\r\n*1\r\n$4\r\nQUIT\r\n", "NOAUTH");
        stranger("resp", "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n*1\r\n$4\r\nQUIT\r\n", "NOAUTH");
        stranger("memcached", "version\r\nquit\r\n", "unauthenticated");
        stranger("memcached", "stats\r\nquit\r\n", "unauthenticated");
    }

    private void stranger(String listener, String said, String expected) {
        InetSocketAddress address = server.ready().address(listener);
        probes++;
        try (Socket socket =
                site.trust()
                        .getSocketFactory()
                        .createSocket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.getOutputStream().write(said.getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), ISO_8859_1).replace("HTTP/1.1", "");
            if (!answer.contains(expected) || VERSION.matcher(answer).find()) {
                found.add(listener + " says to a stranger: " + answer.replaceAll("\\s+", " "));
            }
        } catch (IOException e) {
            found.add(listener + ": " + e);
        }
    }
}
