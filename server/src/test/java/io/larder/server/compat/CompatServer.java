package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole server on free ports with other servers' protocols, for tests. */
public final class CompatServer implements AutoCloseable {
    private final LarderServer server;

    public CompatServer(String... definitions) throws Exception {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=32m")
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0")
                        .define("threads.event-loops=1");
        for (String definition : definitions) {
            loader.define(definition);
        }
        server = LarderServer.start(loader.load());
    }

    public int port(String listener) {
        return requireNonNull(server.address(listener)).getPort();
    }

    /** Sends all bytes and half-closes; what came back until the server closed, too. */
    public String talk(String listener, String bytes) throws IOException {
        return new String(talk(listener, bytes.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    public byte[] talk(String listener, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port(listener))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            InputStream input = socket.getInputStream();
            return input.readAllBytes();
        }
    }

    /** The same, sent in pieces of a few bytes. */
    public String talkCut(String listener, String bytes, Random random) throws IOException {
        byte[] all = bytes.getBytes(ISO_8859_1);
        try (Socket socket = new Socket("127.0.0.1", port(listener))) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            for (int at = 0; at < all.length; ) {
                int count = Math.min(all.length - at, 1 + random.nextInt(9));
                socket.getOutputStream().write(all, at, count);
                at += count;
            }
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A figure without labels, as its metrics page says it now. */
    public long figure(String name) throws IOException {
        String page =
                talk(
                        "http",
                        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\d+)").matcher(page);
        if (!matcher.find()) {
            throw new AssertionError(name + " (expected: in " + page + ")");
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() {
        server.close();
    }
}
