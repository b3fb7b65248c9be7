package io.larder.bench.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a scanner finds at a server with TLS and users: {@code openssl s_client} with one version or
 * one cipher after the other, first messages that no library sends any more, plaintext, and what
 * each listener says to strangers. For one thread.
 */
/*
 * A probe that cannot fail finds nothing. So each kind has one that has to get through: openssl with
 * both present versions, and a first message that offers good ciphers, at every listener; and before
 * that all are made at a server that takes everything (LaxServer), where they have to. What an
 * openssl was built without is counted by itself (unable), not as refused; the first messages made
 * here ask for all of that.
 */
final class Probes {
    private static final List<String> LISTENERS =
            List.of("data", "admin", "http", "memcached", "resp");
    private static final List<String> OLD = List.of("-tls1", "-tls1_1");
    private static final List<String> PRESENT = List.of("-tls1_2", "-tls1_3");
    private static final List<String> WEAK =
            List.of("aNULL", "eNULL", "RC4", "3DES", "EXPORT", "kRSA", "PSK", "SHA1");
    private static final long PATIENCE_SECONDS = 20;

    /** What a cipher of TLS 1.2 that is not weak is called: forward secrecy, and an AEAD. */
    private static final Pattern STRONG = Pattern.compile("ECDHE-.*(GCM|CHACHA20|CCM).*");

    /** A version's number, or what the program is made of, as strangers are not to see it. */
    private static final Pattern TOLD_TOO_MUCH =
            Pattern.compile(
                    "[0-9]+\\.[0-9]+\\.[0-9]+|(?i)\\r\\nserver:|netty|java|exception|SNAPSHOT");

    private final ServerProcess server;
    private final Site site;
    private final OpenSslClient openssl;
    private final String title;
    private final List<String> found = new ArrayList<>();
    private int probes;
    private int unable;
    private int ciphersTaken;

    private Probes(ServerProcess server, Site site, String title) {
        this.server = server;
        this.title = title;
        this.site = site;
        this.openssl = new OpenSslClient(site.directory().resolve("ca.pem"));
    }

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isKept whether nothing was found
     */
    record Outcome(ResultLine result, boolean isKept) {}

    /** Of every implementation of TLS that there is, with each kind of key. */
    static Outcome run() {
        List<String> providers = OpenSsl.isAvailable() ? List.of("jdk", "openssl") : List.of("jdk");
        ResultLine line = ResultLine.of("tls");
        int probes = 0;
        int unable = 0;
        int found = 0;
        for (String provider : providers) {
            for (Site.Keys keys : Site.Keys.values()) {
                Probes looked = run(provider, keys);
                line.put(provider + '_' + keys.word() + "_ciphers_taken", looked.ciphersTaken);
                probes += looked.probes;
                unable += looked.unable;
                found += looked.found.size();
            }
        }
        line.put("probes", probes).put("unable", unable).put("found", found);
        return new Outcome(line, found == 0);
    }

    private static Probes run(String provider, Site.Keys keys) {
        try (Site site = Site.make(keys);
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
            Probes probes = new Probes(server, site, provider + ", " + keys.word());
            probes.look();
            server.stop();
            return probes;
        }
    }

    /** Has what is to be refused be taken by a server that takes everything. */
    private void control() {
        List<Integer> every = new ArrayList<>(RawHello.strong());
        every.addAll(RawHello.weak());
        try (LaxServer old = LaxServer.start(site.directory(), "-tls1_1");
                LaxServer weak =
                        LaxServer.start(site.directory(), "-tls1_2", "-client_renegotiation")) {
            boolean isSound =
                    RawHello.offer(old.address(), RawHello.TLS_1_1, every, false).isTaken()
                            && RawHello.offer(
                                            weak.address(),
                                            RawHello.TLS_1_2,
                                            RawHello.weak(),
                                            false)
                                    .isTaken()
                            && openssl.renegotiates(weak.address());
            if (!isSound) {
                throw new BenchException(
                        "probes: find nothing at a server that takes everything (expected: TLS 1.1,"
                                + " a weak cipher, renegotiation)");
            }
        } catch (IOException e) {
            throw new BenchException("openssl s_server: " + e.getMessage(), e);
        }
    }

    private void look() {
        control();
        for (String listener : LISTENERS) {
            Progress.say("probe: %s, %s", title, listener);
            versions(listener);
            firstMessages(listener);
            plaintext(listener);
            probes++;
            if (openssl.renegotiates(address(listener))) {
                found.add(listener + " renegotiates");
            }
        }
        ciphers();
        Progress.say("probe: %s, strangers", title);
        Strangers.all().forEach(this::stranger);
        found.forEach(finding -> Progress.say("found: %s", finding));
    }

    private InetSocketAddress address(String listener) {
        return server.ready().address(listener);
    }

    private void versions(String listener) {
        for (String version : OLD) {
            expect(listener, false, version, "-cipher", "ALL:@SECLEVEL=0");
        }
        for (String version : PRESENT) {
            expect(listener, true, version);
        }
        for (String weak : WEAK) {
            expect(listener, false, "-tls1_2", "-cipher", weak + ":@SECLEVEL=0");
        }
    }

    private void expect(String listener, boolean isTaken, String... options) {
        OpenSslClient.End end = openssl.connect(address(listener), options);
        if (end == OpenSslClient.End.UNABLE) {
            unable++;
            return;
        }
        probes++;
        if ((end == OpenSslClient.End.MADE) != isTaken) {
            found.add(listener + (isTaken ? " refuses " : " takes ") + String.join(" ", options));
        }
    }

    private void firstMessages(String listener) {
        offer(listener, "good ciphers", true, RawHello.TLS_1_2, RawHello.strong(), false);
        offer(listener, "weak ciphers", false, RawHello.TLS_1_2, RawHello.weak(), false);
        List<Integer> every = new ArrayList<>(RawHello.strong());
        every.addAll(RawHello.weak());
        offer(listener, "TLS 1.1", false, RawHello.TLS_1_1, every, false);
        offer(listener, "TLS 1.0", false, RawHello.TLS_1_0, every, false);
        offer(listener, "SSL 3", false, RawHello.SSL_3, every, false);
        RawHello.Answer answer =
                offer(listener, "compression", true, RawHello.TLS_1_2, every, true);
        if (!answer.text().endsWith("compression 0")) {
            found.add(listener + " compresses: " + answer.text());
        }
    }

    private RawHello.Answer offer(
            String listener,
            String what,
            boolean isTaken,
            int version,
            List<Integer> ciphers,
            boolean compressed) {
        probes++;
        try {
            RawHello.Answer answer =
                    RawHello.offer(address(listener), version, ciphers, compressed);
            if (answer.isTaken() != isTaken) {
                found.add(listener + ", offered " + what + ": " + answer.text());
            }
            return answer;
        } catch (IOException e) {
            found.add(listener + ", offered " + what + ": " + e);
            return new RawHello.Answer(false, "");
        }
    }

    /** Whoever does not speak TLS is told nothing at all. */
    private void plaintext(String listener) {
        for (Strangers.Said each : Strangers.all()) {
            if (!each.listener().equals(listener)) {
                continue;
            }
            probes++;
            InetSocketAddress address = address(listener);
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                String answer = talk(socket, each.said());
                if (!answer.isEmpty()) {
                    found.add("without TLS: " + each + ": " + answer.replaceAll("\\s+", " "));
                }
            } catch (SocketException reset) {
                // is no answer either
            } catch (IOException e) {
                found.add("without TLS: " + each + ": " + e);
            }
        }
    }

    private void ciphers() {
        for (String cipher : OpenSslClient.ciphers()) {
            OpenSslClient.End end =
                    openssl.connect(address("data"), "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0");
            probes++;
            if (end == OpenSslClient.End.MADE) {
                ciphersTaken++;
                if (!STRONG.matcher(cipher).matches()) {
                    found.add("data takes " + cipher);
                }
            }
        }
        if (ciphersTaken == 0) {
            throw new BenchException("ciphers: none is taken (expected: one at least)");
        }
    }

    private void stranger(Strangers.Said said) {
        InetSocketAddress address = address(said.listener());
        probes++;
        try (Socket socket =
                site.trust()
                        .getSocketFactory()
                        .createSocket(address.getAddress(), address.getPort())) {
            String answer = talk(socket, said.said());
            boolean isTold = !said.mayNameVersion() && TOLD_TOO_MUCH.matcher(answer).find();
            if (!answer.contains(said.expected()) || isTold) {
                found.add(said + ": " + answer.replaceAll("\\s+", " "));
            }
        } catch (IOException e) {
            found.add(said + ": " + e);
        }
    }

    /** All that is answered until the server closes. */
    private static String talk(Socket socket, String said) throws IOException {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        socket.getOutputStream().write(said.getBytes(ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
}
